import { useMemo } from 'preact/hooks';
import { createPreview } from '../page/camera-preview.tsx';
import { LoadProgressView } from '../page/load-progress.tsx';
import { PageFrame } from '../page/page-frame.tsx';
import { hasBegun } from '../sessions/begun-mark.ts';
import { sessionInAddress } from '../sessions/session-in-address.ts';
import { createAnswers } from './answers.ts';
import { Consent } from './consent.tsx';
import { EndButton } from './end-button.tsx';
import { examTexts, panelTexts } from './exam-texts.ts';
import { ProctorPanel } from './proctor-panel.tsx';
import { QuestionList } from './question-list.tsx';
import { createSitting } from './sitting.ts';
import type { Sitting } from './sitting.ts';
import { Interruption } from './interruption.tsx';
import './exam.css';

const Running = ({ sitting, sinceMs, video }: { sitting: Sitting; sinceMs: number; video: HTMLVideoElement }) => {
  const answers = useMemo(() => createAnswers(`invigil-answers:${sitting.sessionId.value}`), []);
  return (
    <div class="sitting">
      <ProctorPanel sitting={sitting} sinceMs={sinceMs} video={video} />
      <div class="paper">
        <p class="soft">{examTexts.exam.lead}</p>
        <QuestionList answers={answers} />
        <EndButton onEnd={() => void sitting.end()} />
      </div>
    </div>
  );
};

const View = ({ sitting, video, resuming }: { sitting: Sitting; video: HTMLVideoElement; resuming: boolean }) => {
  const stage = sitting.stage.value;
  switch (stage.stage) {
    case 'consent':
      return <Consent resuming={resuming} onAgree={() => void sitting.begin()} />;
    case 'preparing':
      return (
        <LoadProgressView
          progress={stage.progress}
          title={examTexts.preparing.title}
          text={examTexts.preparing.text}
          firstStep={examTexts.preparing.session}
          amount={examTexts.preparing.progress}
        />
      );
    case 'running':
      return <Running sitting={sitting} sinceMs={stage.sinceMs} video={video} />;
    default:
      return <Interruption stage={stage} sitting={sitting} />;
  }
};

export const ExamPage = () => {
  const video = useMemo(() => createPreview(panelTexts.preview), []);
  const sitting = useMemo(() => createSitting(video), []);
  const resuming = useMemo(() => hasBegun(sessionInAddress()), []);
  const { stage } = sitting.stage.value;
  return (
    <PageFrame here="exam" wide={stage === 'running'}>
      <div data-sitting={stage}>
        <h1>{examTexts.title}</h1>
        <View sitting={sitting} video={video} resuming={resuming} />
      </div>
    </PageFrame>
  );
};
