import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { PageFrame } from '../page/page-frame.tsx';
import { SafeExamBrowserNotice, needsSafeExamBrowser } from '../safe-exam-browser/safe-exam-browser-notice.tsx';
import { demoExamId } from '../sessions/demo-exam.ts';
import { Assessment } from './assessment.tsx';
import { createAnswers } from './answers.ts';
import { EndButton } from './end-button.tsx';
import { examTexts } from './exam-texts.ts';
import { NextSteps } from './next-steps.tsx';
import { PhoneOffer, PhonePlace } from './phone-place.tsx';
import { ProctorPlace } from './proctor-place.tsx';
import { QuestionList, unansweredCount } from './question-list.tsx';
import { questions } from './questions.ts';
import { createStudentSession } from './student-session.ts';
import type { ExamStage, StudentSession } from './student-session.ts';
import './exam.css';

const Paper = ({ session }: { session: StudentSession }) => {
  const answers = useMemo(() => {
    const give = (questionId: string, answer: string): void =>
      session.work.give(questionId, questions.findIndex(({ id }) => id === questionId) + 1, answer);
    return createAnswers(`invigil-answers:${session.element.sessionId}`, give);
  }, []);
  return (
    <div class="paper">
      <p class="soft">{session.exam.examId === demoExamId ? examTexts.exam.lead : examTexts.exam.sample}</p>
      <QuestionList answers={answers} />
      <EndButton unanswered={unansweredCount(answers)} onEnd={() => void session.end()} />
    </div>
  );
};

/** From the student's consent on, the page keeps its layout, so that nothing moves when the exam starts or ends. */
const inExam: ReadonlySet<ExamStage['stage']> = new Set(['preparing', 'running', 'ending', 'phone']);
/** Stages in which the student may choose a phone instead. */
const beforePhone: ReadonlySet<ExamStage['stage']> = new Set(['consent', 'not_started', 'failed', 'running']);
const afterExam: ReadonlySet<ExamStage['stage']> = new Set(['handed_in', 'over']);

export const ExamPage = () => {
  const session = useMemo(() => createStudentSession(), []);
  const stage = session.stage.value;
  const title =
    session.notice.value?.title ?? (session.exam.examId === demoExamId ? examTexts.title : examTexts.exam.untitled);
  const isOver = afterExam.has(stage.stage);
  const isExam = inExam.has(stage.stage);
  const phone = session.phone.view.value;
  const isWorking = stage.stage === 'running' || (stage.stage === 'phone' && phone.wasConnected);
  const notice = session.notice.value;
  const isElsewhere = notice !== null && stage.stage === 'consent' && needsSafeExamBrowser(notice);
  // The student scrolled down to agree or to hand in. Seen from the top, a longer next view moves nothing that is visible.
  useLayoutEffect(() => scrollTo(0, 0), [isExam, isOver]);
  useEffect(() => {
    if (isOver) document.getElementById('handed-in')?.focus();
  }, [isOver]);
  return (
    <PageFrame here="exam" wide={isExam}>
      <div data-exam-stage={stage.stage}>
        <h1>{title}</h1>
        <div class={isExam ? 'exam-running' : undefined}>
          {isElsewhere && notice !== null ? (
            <SafeExamBrowserNotice examId={session.exam.examId} notice={notice} />
          ) : null}
          {isOver || (phone.isActive && stage.stage !== 'phone') ? null : phone.isActive ? (
            <PhonePlace session={session} />
          ) : (
            <ProctorPlace element={session.element} />
          )}
          {isWorking ? (
            session.notice.value?.has_assessment === true ? (
              <Assessment session={session} />
            ) : (
              <Paper session={session} />
            )
          ) : (
            <NextSteps stage={stage} session={session} />
          )}
        </div>
        {session.notice.value?.phone_camera === true && beforePhone.has(stage.stage) ? (
          <PhoneOffer session={session} />
        ) : null}
      </div>
    </PageFrame>
  );
};
