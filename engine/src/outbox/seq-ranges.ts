import type { SeqRange } from '@invigil/protocol';

/** Rising sequence numbers as inclusive ranges. */
export const rangesOf = (seqs: Iterable<number>): SeqRange[] => {
  const ranges: SeqRange[] = [];
  for (const seq of seqs) {
    const last = ranges.at(-1);
    if (last !== undefined && seq === last[1] + 1) last[1] = seq;
    else ranges.push([seq, seq]);
  }
  return ranges;
};
