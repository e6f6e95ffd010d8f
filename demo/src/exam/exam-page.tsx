import { useMemo } from 'preact/hooks';
import { PageFrame } from '../page/page-frame.tsx';
import { createAnswers } from './answers.ts';
import { EndButton } from './end-button.tsx';
import { examTexts } from './exam-texts.ts';
import { NextSteps } from './next-steps.tsx';
import { ProctorPlace } from './proctor-place.tsx';
import { QuestionList } from './question-list.tsx';
import { createSitting } from './sitting.ts';
import type { Sitting } from './sitting.ts';
import './exam.css';

const Paper = ({ sitting }: { sitting: Sitting }) => {
  const answers = useMemo(() => createAnswers(`invigil-answers:${sitting.element.sessionId}`), []);
  return (
    <div class="paper">
      <p class="soft">{examTexts.exam.lead}</p>
      <QuestionList answers={answers} />
      <EndButton onEnd={() => void sitting.end()} />
    </div>
  );
};

export const ExamPage = () => {
  const sitting = useMemo(() => createSitting(), []);
  const stage = sitting.stage.value;
  const running = stage.stage === 'running';
  return (
    <PageFrame here="exam" wide={running}>
      <div data-sitting={stage.stage}>
        <h1>{examTexts.title}</h1>
        <div class={running ? 'sitting' : undefined}>
          <ProctorPlace element={sitting.element} />
          {running ? <Paper sitting={sitting} /> : <NextSteps stage={stage} sitting={sitting} />}
        </div>
      </div>
    </PageFrame>
  );
};
