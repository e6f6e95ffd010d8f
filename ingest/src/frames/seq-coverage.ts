import type { SeqRange } from '@invigil/protocol/channels';

/** The settled sequence numbers (stored or reported lost) as inclusive ranges: disjoint, ascending, never adjacent. */
export type SeqCoverage = readonly SeqRange[];

/** Adds a range; `added` counts its numbers that were not settled before. Pure. */
export const cover = (coverage: SeqCoverage, [from, to]: SeqRange): { coverage: SeqCoverage; added: number } => {
  let first = coverage.length;
  // Search from the end, because new numbers are nearly always the highest.
  while (first > 0 && coverage[first - 1]![1] >= from - 1) first--;
  let low = from;
  let high = to;
  let settled = 0;
  let after = first;
  for (let range = coverage[after]; range !== undefined && range[0] <= to + 1; range = coverage[++after]) {
    settled += Math.max(0, Math.min(to, range[1]) - Math.max(from, range[0]) + 1);
    low = Math.min(low, range[0]);
    high = Math.max(high, range[1]);
  }
  const added = to - from + 1 - settled;
  if (added === 0) return { coverage, added };
  return { coverage: [...coverage.slice(0, first), [low, high], ...coverage.slice(after)], added };
};

/** The highest s such that every number up to s is settled; -1 if there is none. */
export const upToSeq = (coverage: SeqCoverage): number => (coverage[0]?.[0] === 0 ? coverage[0][1] : -1);

/** The highest settled number; -1 if there is none. */
export const highestSeq = (coverage: SeqCoverage): number => coverage.at(-1)?.[1] ?? -1;

/** Reads `0-41,50-52`, as the Redis script writes it. */
export const parseCoverage = (text: string): SeqCoverage =>
  text === ''
    ? []
    : text.split(',').map((range): SeqRange => {
        const [from, to] = range.split('-');
        return [Number(from), Number(to)];
      });
