import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { OwnData } from '../exam/own-data.tsx';
import { startSession } from '../api/session-api.ts';
import { leavePage } from '../page/leave-page.ts';
import { Notice } from '../page/notice.tsx';
import { SafeExamBrowserNotice, needsSafeExamBrowser } from '../safe-exam-browser/safe-exam-browser-notice.tsx';
import { safeExamBrowserTexts } from '../safe-exam-browser/safe-exam-browser-texts.ts';
import { withSession } from '../sessions/session-in-address.ts';
import { ExamRules } from './exam-rules.tsx';
import { LookAgain } from './look-again.tsx';
import { watchNotice } from './notice-watch.ts';
import type { SeenNotice } from './notice-watch.ts';
import { problemTexts } from '../sessions/problem-texts.ts';
import { startTexts } from './start-texts.ts';

const texts = startTexts.linked;

interface LinkedExamProps {
  examId: string;
  studentId: string;
}

const practicePath = (examId: string): string => `/check/?exam=${encodeURIComponent(examId)}`;

const Actions = ({ examId, studentId, isOpen }: LinkedExamProps & { isOpen: boolean }) => {
  const problem = useSignal<string | null>(null);
  const isBusy = useSignal(false);
  const begin = async (): Promise<void> => {
    isBusy.value = true;
    const answer = await startSession(examId, studentId);
    if (answer.ok) {
      leavePage(withSession('/check/', answer.value), isBusy);
      return;
    }
    isBusy.value = false;
    if (answer.code === 'SAFE_EXAM_BROWSER_REQUIRED') {
      problem.value = `${safeExamBrowserTexts.refused} ${safeExamBrowserTexts.help}`;
    } else problem.value = problemTexts[answer.problem];
  };
  return (
    <>
      {problem.value === null ? null : (
        <Notice kind="warning" urgent>
          <p>{problem.value}</p>
        </Notice>
      )}
      <div class="buttons">
        {isOpen ? (
          <button class="button" type="button" data-testid="begin" disabled={isBusy.value} onClick={() => void begin()}>
            {texts.begin}
          </button>
        ) : null}
        <a class={isOpen ? 'button quiet' : 'button'} href={practicePath(examId)} data-testid="practice">
          {texts.practice}
        </a>
      </div>
      <p class="soft small hint-below">{texts.practiceHint}</p>
    </>
  );
};

const Seen = ({ seen, examId, studentId }: LinkedExamProps & { seen: Extract<SeenNotice, { state: 'read' }> }) => {
  const { notice } = seen;
  const { status } = notice;
  const isOver = status === 'COMPLETED' || status === 'CANCELLED';
  const isElsewhere = needsSafeExamBrowser(notice);
  const name = notice.title ?? examId;
  const exam = (
    <section class="card" aria-labelledby="linked" data-exam-status={status}>
      <h2 id="linked">{name}</h2>
      <p>
        {texts.as} <strong translate={false}>{studentId}</strong>
      </p>
      {isOver ? (
        <p>{startTexts.exam.over.text}</p>
      ) : (
        <>
          {status === 'SCHEDULED' ? <p role="status">{startTexts.exam.not_open_yet.text}</p> : null}
          <ExamRules notice={notice} />
          {isElsewhere ? <SafeExamBrowserNotice examId={examId} notice={notice} /> : null}
          <Actions examId={examId} studentId={studentId} isOpen={status !== 'SCHEDULED' && !isElsewhere} />
        </>
      )}
    </section>
  );
  if (!isOver) return exam;
  return (
    <>
      {exam}
      <OwnData place={{ examId, studentId, sessionId: null }} />
    </>
  );
};

/** Entry with a personal link: the exam, its rules, the camera check, the exam once it is open, and afterwards the student's data. */
export const LinkedExam = ({ examId, studentId }: LinkedExamProps) => {
  const { seen, close } = useMemo(() => watchNotice(examId), [examId]);
  useEffect(() => close, [close]);
  switch (seen.value.state) {
    case 'asking':
      return (
        <p class="soft" role="status">
          {startTexts.exam.asking}
        </p>
      );
    case 'read':
      return <Seen seen={seen.value} examId={examId} studentId={studentId} />;
    case 'refused':
      return (
        <Notice kind="warning" urgent title={texts.invalid.title}>
          <p>{texts.invalid.text}</p>
          <LookAgain />
        </Notice>
      );
    case 'unreachable':
      return (
        <Notice kind="warning" urgent>
          <p>{problemTexts.unreachable}</p>
          <LookAgain />
        </Notice>
      );
  }
};
