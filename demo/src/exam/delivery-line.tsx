import type { DeliveryState } from '@invigil/engine';
import { panelTexts } from './exam-texts.ts';

const texts = panelTexts.delivery;

/** A second's worth of readings is always on its way; that is not worth telling apart from "delivered". */
const usualWaiting = 15;

const lineOf = (delivery: DeliveryState): { text: string; calm: boolean } => {
  const waiting = delivery.waitingFrames;
  switch (delivery.state) {
    case 'ready':
      // The socket learns late that the network is gone; the browser knows at once.
      if (!navigator.onLine && waiting > usualWaiting) return { text: texts.offline(waiting), calm: false };
      if (delivery.pausedUntilMs !== null) return { text: texts.paused(waiting), calm: false };
      return { text: waiting <= usualWaiting ? texts.delivered : texts.underway(waiting), calm: true };
    case 'draining':
      return { text: waiting === 0 ? texts.delivered : texts.underway(waiting), calm: true };
    case 'opening':
    case 'resuming':
      return delivery.attempt <= 1
        ? { text: texts.opening, calm: true }
        : { text: texts.waiting(waiting), calm: false };
    case 'waiting':
      if (delivery.reason === 'not_started') return { text: texts.none, calm: true };
      return { text: delivery.reason === 'offline' ? texts.offline(waiting) : texts.waiting(waiting), calm: false };
    case 'ended':
      return delivery.reason === 'refused'
        ? { text: texts.refused, calm: false }
        : { text: texts.delivered, calm: true };
  }
};

/** Whether what was read has arrived, in one line; and what will not. */
export const DeliveryLine = ({ delivery }: { delivery: DeliveryState | null }) => {
  const line = delivery === null ? { text: texts.none, calm: true } : lineOf(delivery);
  const lost = Object.values(delivery?.lost ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <p class={line.calm ? 'status' : 'status wait'} data-testid="delivery" aria-live="polite">
        <span class="dot" aria-hidden="true" />
        {line.text}
      </p>
      {lost > 0 ? <p class="soft">{texts.lost(lost)}</p> : null}
      {delivery?.storage === 'memory' ? <p class="soft">{texts.memory}</p> : null}
    </>
  );
};
