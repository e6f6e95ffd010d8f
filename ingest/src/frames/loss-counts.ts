import { lossReasons } from '@invigil/protocol/channels';
import type { DroppedCounts, LossCounts } from './frame-store.ts';

/**
 * A client reports losses twice: as ranges of sequence numbers (`numbered`) and as totals (`told`, which include frames that never got
 * a number). The maximum of the two counts each lost frame once, even if a message is repeated.
 */
export const mergeLosses = (numbered: LossCounts, totals: LossCounts): LossCounts => {
  const merged: LossCounts = {};
  for (const reason of lossReasons) {
    const count = Math.max(numbered[reason] ?? 0, totals[reason] ?? 0);
    if (count > 0) merged[reason] = count;
  }
  return merged;
};

/** Dropped frames count as rejected. They had no number, so they are in neither of the client's counts. */
export const withDropped = (losses: LossCounts, dropped: DroppedCounts): LossCounts => {
  const count = Object.values(dropped).reduce((sum, total) => sum + total, 0);
  return count === 0 ? losses : { ...losses, rejected: (losses.rejected ?? 0) + count };
};
