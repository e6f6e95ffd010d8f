import type { DeliveryAnnouncement } from './delivery-announcement.ts';

export interface ObservedNow {
  text: string;
  isObserved: boolean;
  /** Another live region already says what is wrong: a trouble, a break, or a session without a camera. */
  isExplained: boolean;
}

/**
 * What a screen reader announces about observation: when it stops, with the first reason, and when it continues. A reason that
 * changes meanwhile (too dark, no face) is not read out.
 */
export const nextObservedAnnouncement = (
  before: DeliveryAnnouncement,
  { text, isObserved, isExplained }: ObservedNow,
): DeliveryAnnouncement => {
  if (isObserved) return before.isTrouble ? { text, isTrouble: false } : before;
  if (before.isTrouble) return before;
  return { text: isExplained ? '' : text, isTrouble: true };
};
