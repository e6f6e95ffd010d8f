import { useMemo } from 'preact/hooks';
import { PageFrame } from '../page/page-frame.tsx';
import { createAnswers } from './answers.ts';
import { EndButton } from './end-button.tsx';
import { examTexts } from './exam-texts.ts';
import { NextSteps } from './next-steps.tsx';
import { ProctorPlace } from './proctor-place.tsx';
import { QuestionList } from './question-list.tsx';
import { questions } from './questions.ts';
import { createStudentSession } from './student-session.ts';
import type { StudentSession } from './student-session.ts';
import './exam.css';

const Paper = ({ session }: { session: StudentSession }) => {
  const answers = useMemo(() => {
    const give = (questionId: string, answer: string): void =>
      session.work.give(questionId, questions.findIndex(({ id }) => id === questionId) + 1, answer);
    return createAnswers(`invigil-answers:${session.element.sessionId}`, give);
  }, []);
  return (
    <div class="paper">
      <p class="soft">{examTexts.exam.lead}</p>
      <QuestionList answers={answers} />
      <EndButton onEnd={() => void session.end()} />
    </div>
  );
};

export const ExamPage = () => {
  const session = useMemo(() => createStudentSession(), []);
  const stage = session.stage.value;
  const running = stage.stage === 'running';
  return (
    <PageFrame here="exam" wide={running}>
      <div data-exam-stage={stage.stage}>
        <h1>{examTexts.title}</h1>
        <div class={running ? 'exam-running' : undefined}>
          <ProctorPlace element={session.element} />
          {running ? <Paper session={session} /> : <NextSteps stage={stage} session={session} />}
        </div>
      </div>
    </PageFrame>
  );
};
