import { isObserved, notObservedReason } from '@invigil/protocol';
import type { FeatureFrame } from '@invigil/protocol';
import { observationWords } from '../words/observation-words.ts';
import { panelTexts as texts } from './exam-texts.ts';

/** Whether this moment is observed, and if not, why. */
export const ObservedLine = ({ frame }: { frame: FeatureFrame | null }) => {
  if (frame === null) {
    return (
      <p class="status" aria-live="polite">
        <span class="dot hollow" aria-hidden="true" />
        {texts.starting}
      </p>
    );
  }
  const observed = isObserved(frame);
  return (
    <p class={observed ? 'status' : 'status wait'} data-testid="observed" aria-live="polite">
      <span class="dot" aria-hidden="true" />
      {observed ? texts.observed : texts.notObserved(observationWords.reasons[notObservedReason(frame)])}
    </p>
  );
};
