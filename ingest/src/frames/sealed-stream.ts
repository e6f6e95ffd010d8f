import type { SeqRange } from '@invigil/protocol/channels';
import { maxGaps } from './frame-store.ts';
import type { RefusedCount, RefusedFrames, Sealed } from './frame-store.ts';
import { cover } from './seq-coverage.ts';
import type { SeqCoverage } from './seq-coverage.ts';
import type { Stream } from './stream.ts';

/** The seal of a session's stream. */
export interface StreamSeal {
  atMs: number;
  refused: number;
  /** Every number that was settled at the first refusal, or refused since; null before it. */
  settled: SeqCoverage | null;
  /** The frames were removed after the session's end; only the seal is left. */
  isRetired: boolean;
}

export const sealStream = (stream: Stream, atMs: number): Stream =>
  stream.seal === undefined ? { ...stream, seal: { atMs, refused: 0, settled: null, isRetired: false } } : stream;

export const sealedResult = ({ atMs }: StreamSeal): Sealed => ({ status: 'sealed', sealedAtMs: atMs });

/** Makes the same decisions as the Redis script. Pure. */
export const refuseFrames = (
  stream: Stream,
  { seqs, unnumbered }: RefusedFrames,
): RefusedCount & { stream: Stream } => {
  const { seal } = stream;
  if (seal === undefined) return { stream, total: 0, added: 0 };
  let settled = seal.settled ?? stream.coverage;
  let missing = unnumbered;
  for (const range of seqs) {
    const covered = cover(settled, range);
    settled = covered.coverage;
    missing += covered.added;
  }
  if (missing === 0 || settled.length > maxGaps) return { stream, total: seal.refused, added: 0 };
  const total = seal.refused + missing;
  return { stream: { ...stream, seal: { ...seal, settled, refused: total } }, total, added: missing };
};

/** What is left of a stream whose frames were removed. @param empty a stream without frames */
export const retireStream = (stream: Stream, empty: Stream, atMs: number): Stream => {
  const { seal, coverage } = sealStream(stream, atMs);
  if (seal === undefined) return empty;
  return { ...empty, seal: { ...seal, settled: seal.settled ?? coverage, isRetired: true } };
};

/** Numbers as a list of `from, to, from, to, …` for the script. */
export const flatRanges = (ranges: readonly SeqRange[]): string[] =>
  ranges.flatMap(([from, to]) => [String(from), String(to)]);
