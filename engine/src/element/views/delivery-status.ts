import type { DeliveryState } from '../../connection/delivery-state.ts';
import { filled } from '../texts/element-texts.ts';
import type { ElementTexts } from '../texts/element-texts.ts';

export interface DeliveryStatus {
  text: string;
  /** Needs no attention from the student. */
  calm: boolean;
}

/** Up to a second's readings are always in flight, which counts as delivered. */
const normalInFlightFrames = 15;

/** The delivery status in one line. `online` is the browser's hint, used only without a connection. */
export const deliveryStatus = (
  delivery: DeliveryState | null,
  texts: ElementTexts['delivery'],
  online: boolean,
): DeliveryStatus => {
  if (delivery === null) return { text: texts.none, calm: true };
  const count = delivery.waitingFrames;
  const calm = (text: string): DeliveryStatus => ({ text: filled(text, { count }), calm: true });
  const worth = (text: string): DeliveryStatus => ({ text: filled(text, { count }), calm: false });
  switch (delivery.state) {
    case 'ready':
      if (delivery.pausedUntilMs !== null) return worth(texts.paused);
      return calm(count <= normalInFlightFrames ? texts.delivered : texts.underway);
    case 'draining':
      return calm(count === 0 ? texts.delivered : texts.underway);
    case 'opening':
    case 'resuming':
      if (delivery.attempt <= 1) return calm(texts.opening);
      return worth(online ? texts.waiting : texts.offline);
    case 'waiting':
      if (delivery.reason === 'not_started') return calm(texts.none);
      if (delivery.reason === 'token_unavailable') return worth(texts.expired);
      return worth(delivery.reason === 'offline' || !online ? texts.offline : texts.waiting);
    case 'ended':
      if (delivery.reason === 'replaced') return worth(texts.replaced);
      return delivery.reason === 'refused' ? worth(texts.refused) : calm(texts.delivered);
  }
};
