import type { SeqRange } from '@invigil/protocol/channels';

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

/** The parts of a range that none of the others covers. @param others in any order. */
export const rangesBetween = ([from, to]: SeqRange, others: readonly SeqRange[]): SeqRange[] => {
  const between: SeqRange[] = [];
  let next = from;
  for (const [first, last] of others.toSorted((a, b) => a[0] - b[0])) {
    if (first > to) break;
    if (first > next) between.push([next, first - 1]);
    next = Math.max(next, last + 1);
  }
  if (next <= to) between.push([next, to]);
  return between;
};
