import { BeginWithout } from './begin-without.tsx';
import { CameraPicker } from './camera-picker.tsx';
import { CameraWaiting } from './camera-waiting.tsx';
import { Declined } from './declined.tsx';
import { Consent } from './consent.tsx';
import { filled } from '../texts/element-texts.ts';
import type { ElementTexts } from '../texts/element-texts.ts';
import { Notice } from './notice.tsx';
import { Panel } from './panel.tsx';
import { Preparing } from './preparing.tsx';
import type { Stage } from '../session/stage.ts';
import type { ViewProps } from './view-props.ts';

const Again = ({ texts, onBegin, label = texts.again }: ViewProps & { label?: string }) => (
  <button part="button" type="button" data-testid="again" onClick={onBegin}>
    {label}
  </button>
);

const closedTexts = (
  { reason, result }: Extract<Stage, { stage: 'closed' }>,
  texts: ElementTexts,
): { title: string; text: string } => {
  if (reason === 'session_ended') return texts.over;
  return result.waiting > 0 ? texts.undelivered : texts.stopped;
};

const failedTitle = (reason: string, texts: ElementTexts['failed']): string => {
  if (reason === 'session_open_elsewhere') return texts.elsewhere;
  if (reason === 'session_replaced') return texts.replaced;
  return reason.startsWith('camera_') ? texts.camera : texts.other;
};

/** The current stage: what is happening, and what the student can do. */
export const View = (props: ViewProps) => {
  const { view, texts } = props;
  const { stage } = view;
  switch (stage.stage) {
    case 'consent':
      return <Consent {...props} />;
    case 'declined':
      return <Declined {...props} />;
    case 'preparing':
      return stage.waitingFor === undefined ? (
        <Preparing progress={stage.progress} texts={texts.preparing} language={props.language} />
      ) : (
        <CameraWaiting {...props} waitingFor={stage.waitingFor} />
      );
    case 'running':
      return <Panel {...props} running={stage} />;
    case 'ending':
      return (
        <Notice title={texts.ending.title}>
          <p>{texts.ending.text}</p>
        </Notice>
      );
    case 'closed': {
      const { title, text } = closedTexts(stage, texts);
      return (
        <Notice title={title} kind={stage.result.waiting > 0 ? 'wait' : 'calm'}>
          <p>{filled(text, { count: stage.result.waiting })}</p>
          {stage.reason === 'stopped' && stage.result.waiting > 0 ? (
            <button part="button" type="button" data-testid="deliver" onClick={props.onDeliver}>
              {texts.undelivered.send}
            </button>
          ) : null}
        </Notice>
      );
    }
    case 'not_started':
      return (
        <Notice title={texts.notStarted.title} kind="wait">
          <p>{texts.notStarted.text}</p>
          <Again {...props} />
          <p class="soft small">{stage.detail}</p>
        </Notice>
      );
    case 'failed':
      return (
        <Notice title={failedTitle(stage.reason, texts.failed)} kind="wait">
          <p>{texts.failures[stage.reason]}</p>
          {stage.reason.startsWith('camera_') ? <CameraPicker {...props} /> : null}
          <Again {...props} {...(stage.reason === 'session_replaced' ? { label: texts.takeBack } : {})} />
          {stage.lack === undefined ? null : <BeginWithout {...props} lack={stage.lack} />}
          {stage.detail === null ? null : <p class="soft small">{stage.detail}</p>}
        </Notice>
      );
  }
};
