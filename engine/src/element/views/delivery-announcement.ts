import type { DeliveryState } from '../../connection/delivery-state.ts';
import type { ElementTexts } from '../texts/element-texts.ts';
import { deliveryStatus } from './delivery-status.ts';

/** What a screen reader announces about delivery. `isTrouble` until everything has been delivered again. */
export interface DeliveryAnnouncement {
  text: string;
  isTrouble: boolean;
}

export const noAnnouncement: DeliveryAnnouncement = { text: '', isTrouble: false };

/** "Offline. Continue; {count} are waiting" → "Offline. Continue": a number that changes each second would be read out each second. */
const withoutCount = (text: string): string =>
  text
    .split(/(?<=[.;,])\s+/)
    .filter((clause) => !clause.includes('{count}'))
    .join(' ')
    .replace(/[;,]$/, '');

const withoutCounts = (texts: ElementTexts['delivery']): ElementTexts['delivery'] => ({
  ...texts,
  paused: withoutCount(texts.paused),
  offline: withoutCount(texts.offline),
  waiting: withoutCount(texts.waiting),
  expired: withoutCount(texts.expired),
});

/**
 * The announcement after a change of delivery, without numbers: when trouble begins, when it is over, and when delivery
 * ends for good. An outage has two announcements, whatever happens during it.
 */
export const nextAnnouncement = (
  before: DeliveryAnnouncement,
  delivery: DeliveryState | null,
  texts: ElementTexts['delivery'],
  online: boolean,
): DeliveryAnnouncement => {
  const { text, calm } = deliveryStatus(delivery, withoutCounts(texts), online);
  if (calm) return before.isTrouble && text === texts.delivered ? { text, isTrouble: false } : before;
  return before.isTrouble && delivery?.state !== 'ended' ? before : { text, isTrouble: true };
};
