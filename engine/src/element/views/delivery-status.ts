import type { DeliveryState } from '../../connection/delivery-state.ts';
import { filled } from '../texts/element-texts.ts';
import type { ElementTexts } from '../texts/element-texts.ts';

export interface DeliveryStatus {
  text: string;
  /** Nothing that the student need think about. */
  calm: boolean;
}

/** A second's worth of readings is always on its way; that is not worth telling apart from "delivered". */
const normalInFlightFrames = 15;

/** Whether what was read has arrived, in one line. `online` is the browser's hint, which counts only without a connection. */
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
