import type { LossReason } from '@invigil/protocol';
import { tooManyGaps } from '../ingest-error.ts';
import { maxGaps } from './frame-store.ts';
import type {
  AppendNextResult,
  AppendResult,
  FrameIntake,
  LossCounts,
  StreamState,
  UnnumberedFrame,
} from './frame-store.ts';
import { mergeLosses } from './loss-counts.ts';
import { cover, highestSeq, upToSeq } from './seq-coverage.ts';
import type { SeqCoverage } from './seq-coverage.ts';
import type { StoredFrame } from '@invigil/protocol';

/** What is remembered of a session's stream beside its frames. Plain JSON. */
export interface Stream {
  coverage: SeqCoverage;
  chain: string | null;
  nextServerNumber: number;
  numberedLosses: LossCounts;
  toldLosses: LossCounts;
  sealed: boolean;
}

export const emptyStream: Stream = {
  coverage: [],
  chain: null,
  nextServerNumber: 0,
  numberedLosses: {},
  toldLosses: {},
  sealed: false,
};

export const streamState = (stream: Stream): StreamState => ({
  upToSeq: upToSeq(stream.coverage),
  highestSeq: highestSeq(stream.coverage),
  chain: stream.chain,
  losses: mergeLosses(stream.numberedLosses, stream.toldLosses),
  frames: storedFrames(stream.coverage, stream.numberedLosses, stream.nextServerNumber),
});

/** Every settled number is a stored frame or a loss. */
export const storedFrames = (coverage: SeqCoverage, numberedLosses: LossCounts, nextServerNumber: number): number => {
  const settled = coverage.reduce((count, [from, to]) => count + to - from + 1, 0);
  const lost = Object.values(numberedLosses).reduce((count, losses) => count + losses, 0);
  return settled - lost + nextServerNumber;
};

const add = (counts: LossCounts, reason: LossReason, count: number): LossCounts =>
  count === 0 ? counts : { ...counts, [reason]: (counts[reason] ?? 0) + count };

const greatest = (counts: LossCounts, told: LossCounts): LossCounts => mergeLosses(counts, told);

/** The same decisions as the Redis script takes. Pure; throws `too_many_gaps`. */
export const appendToStream = (
  before: Stream | null,
  intake: FrameIntake,
): { stream: Stream; write: StoredFrame[]; result: AppendResult } => {
  const stream = before ?? emptyStream;
  if (stream.sealed) return { stream, write: [], result: { status: 'sealed' } };
  let { coverage, numberedLosses } = stream;
  const write: StoredFrame[] = [];
  for (const frame of intake.frames) {
    const covered = cover(coverage, [frame.seq, frame.seq]);
    coverage = covered.coverage;
    if (covered.added > 0) write.push(frame);
  }
  for (const { reason, seqs } of intake.lost) {
    const covered = cover(coverage, seqs);
    coverage = covered.coverage;
    numberedLosses = add(numberedLosses, reason, covered.added);
  }
  if (coverage.length > maxGaps) throw tooManyGaps(maxGaps);
  const chain = write.length > 0 && intake.chain !== null ? intake.chain : stream.chain;
  const toldLosses = greatest(stream.toldLosses, intake.lossTotals);
  return {
    stream: { ...stream, coverage, numberedLosses, toldLosses, chain },
    write,
    result: {
      status: 'stored',
      stored: write.length,
      duplicates: intake.frames.length - write.length,
      upToSeq: upToSeq(coverage),
      chain,
      first: before === null,
    },
  };
};

export const appendNextToStream = (
  before: Stream | null,
  frame: UnnumberedFrame,
): { stream: Stream; write: StoredFrame[]; result: AppendNextResult } => {
  const stream = before ?? emptyStream;
  if (stream.sealed) return { stream, write: [], result: { status: 'sealed' } };
  const seq = stream.nextServerNumber;
  const frameId = `srv-${seq}`;
  return {
    stream: { ...stream, nextServerNumber: seq + 1 },
    write: [{ frame_id: frameId, seq, ...frame }],
    result: { status: 'stored', frameId, first: before === null },
  };
};
