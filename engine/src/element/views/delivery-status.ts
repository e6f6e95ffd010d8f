import type { DeliveryState } from '../../connection/delivery-state.ts';
import { filled } from '../texts/element-texts.ts';
import type { ElementTexts } from '../texts/element-texts.ts';

/** What a student should know about the delivery. */
type DeliveryProblem = Exclude<keyof ElementTexts['panel']['short'], 'notObserved'>;

/** `calm`: needs no attention from the student. */
export type DeliveryStatus = { calm: true; text: string } | { calm: false; text: string; problem: DeliveryProblem };

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
  const worth = (problem: DeliveryProblem): DeliveryStatus => ({
    text: filled(texts[problem], { count }),
    calm: false,
    problem,
  });
  switch (delivery.state) {
    case 'ready':
      if (delivery.pausedUntilMs !== null) return worth('paused');
      return calm(count <= normalInFlightFrames ? texts.delivered : texts.underway);
    case 'draining':
      return calm(count === 0 ? texts.delivered : texts.underway);
    case 'opening':
    case 'resuming':
      if (delivery.attempt <= 1) return calm(texts.opening);
      return worth(online ? 'waiting' : 'offline');
    case 'waiting':
      if (delivery.reason === 'not_started') return calm(texts.none);
      if (delivery.reason === 'token_unavailable') return worth('expired');
      return worth(delivery.reason === 'offline' || !online ? 'offline' : 'waiting');
    case 'ended':
      if (delivery.reason === 'replaced') return worth('replaced');
      return delivery.reason === 'refused' ? worth('refused') : calm(texts.delivered);
  }
};
