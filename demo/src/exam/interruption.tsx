import type { ComponentChildren } from 'preact';
import { Notice } from '../page/notice.tsx';
import { withSession } from '../sessions/session-in-address.ts';
import { examTexts as texts } from './exam-texts.ts';
import type { Sitting, Stage } from './sitting.ts';

type Interrupted = Exclude<Stage, { stage: 'consent' | 'preparing' | 'running' }>;

const Action = ({
  onClick,
  quiet,
  children,
}: {
  onClick: () => void;
  quiet?: boolean;
  children: ComponentChildren;
}) => (
  <button class={quiet === true ? 'button quiet' : 'button'} type="button" onClick={onClick}>
    {children}
  </button>
);

/** Everything that is not the exam itself: its end, and what can come between. Each says what happened and what can be done. */
export const Interruption = ({ stage, sitting }: { stage: Interrupted; sitting: Sitting }) => {
  switch (stage.stage) {
    case 'ending':
      return (
        <Notice title={texts.ending.title}>
          <p>{texts.ending.text}</p>
        </Notice>
      );
    case 'undelivered':
      return (
        <Notice kind="wait" urgent title={texts.undelivered.title}>
          <p>{texts.undelivered.text(stage.result.waiting)}</p>
          <div class="buttons">
            <Action onClick={() => location.reload()}>{texts.undelivered.again}</Action>
            <Action quiet onClick={() => void sitting.finish()}>
              {texts.undelivered.anyway}
            </Action>
          </div>
        </Notice>
      );
    case 'not_ended':
      return (
        <Notice kind="wait" urgent title={texts.notEnded.title}>
          <p>{stage.problem.detail ?? texts.notEnded.text}</p>
          <div class="buttons">
            <Action onClick={() => void sitting.finish()}>{texts.notEnded.again}</Action>
          </div>
        </Notice>
      );
    case 'not_started':
      return (
        <Notice kind="wait" urgent title={texts.notStarted.title}>
          <p>
            {stage.problem.problem === 'unreachable'
              ? texts.notStarted.unreachable
              : (stage.problem.detail ?? texts.notStarted.other)}
          </p>
          <div class="buttons">
            <Action onClick={() => void sitting.begin()}>{texts.notStarted.again}</Action>
          </div>
        </Notice>
      );
    case 'failed':
      return (
        <Notice kind="wait" urgent title={texts.failed.title}>
          <p>{stage.message}</p>
          <div class="buttons">
            <Action onClick={() => void sitting.begin()}>{texts.failed.again}</Action>
            <a class="button quiet" href={withSession('/check/', sitting.sessionId.value)}>
              {texts.failed.check}
            </a>
          </div>
          {stage.detail === null ? null : <p class="soft small">{stage.detail}</p>}
        </Notice>
      );
    case 'over':
      return (
        <Notice title={texts.over.title}>
          <p>{texts.over.text}</p>
          <div class="buttons">
            <a class="button" href={withSession('/report/', sitting.sessionId.value)}>
              {texts.over.report}
            </a>
            <a class="button quiet" href="/">
              {texts.over.fresh}
            </a>
          </div>
        </Notice>
      );
  }
};
