import { startChain } from '@invigil/protocol/frame';
import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import type { LossReason } from '@invigil/protocol/channels';
import { tooManyGaps } from '../model/ingest-error.ts';
import { linkOf } from './chain-hash.ts';
import { maxGaps } from './frame-store.ts';
import type {
  AppendNextResult,
  AppendResult,
  ArrivalPosition,
  DroppedCounts,
  FrameIntake,
  LossCounts,
  StreamState,
  UnnumberedFrame,
} from './frame-store.ts';
import type { ArchivedTo } from './hot-frame-store.ts';
import { mergeLosses, withDropped } from './loss-counts.ts';
import { cover, highestSeq, upToSeq } from './seq-coverage.ts';
import type { SeqCoverage } from './seq-coverage.ts';
import { sealedResult } from './sealed-stream.ts';
import type { StreamSeal } from './sealed-stream.ts';

/** The state of a session's stream, without its frames. Plain JSON. */
export interface Stream {
  coverage: SeqCoverage;
  chain: ChainState | null;
  nextServerNumber: number;
  numberedLosses: LossCounts;
  toldLosses: LossCounts;
  /** Absent before the first. */
  dropped?: DroppedCounts;
  /** Absent while frames are accepted. */
  seal?: StreamSeal;
  /** Receipt of the latest frames, server clock, milliseconds. */
  lastReceivedMs?: number;
  /** Absent before the first messages move to the archive. */
  archived?: ArchivedTo;
}

/** A change of the stream: what to write, and the result. */
export interface StreamChange<Result> {
  stream: Stream;
  write: StoredFrame[];
  link: ChainLink | null;
  result: Result;
}

export const emptyStream: Stream = {
  coverage: [],
  chain: null,
  nextServerNumber: 0,
  numberedLosses: {},
  toldLosses: {},
};

export const streamState = (stream: Stream): StreamState => ({
  upToSeq: upToSeq(stream.coverage),
  highestSeq: highestSeq(stream.coverage),
  chain: stream.chain,
  losses: withDropped(mergeLosses(stream.numberedLosses, stream.toldLosses), stream.dropped ?? {}),
  dropped: stream.dropped ?? {},
  isSealed: stream.seal !== undefined,
  refused: stream.seal?.refused ?? 0,
  frames: storedFrames(stream.coverage, stream.numberedLosses, stream.nextServerNumber),
  arrivals: positionOf(stream),
});

const positionOf = ({ chain, nextServerNumber }: Stream): ArrivalPosition => ({
  links: chain?.links ?? 0,
  unnumbered: nextServerNumber,
});

/** Later than all receipts before it. */
const nextReceipt = ({ lastReceivedMs }: Stream, receivedMs: number): number =>
  lastReceivedMs === undefined ? receivedMs : Math.max(receivedMs, lastReceivedMs + 1);

/** Every settled number is a stored frame or a loss. */
export const storedFrames = (coverage: SeqCoverage, numberedLosses: LossCounts, nextServerNumber: number): number => {
  const settled = coverage.reduce((count, [from, to]) => count + to - from + 1, 0);
  const lost = Object.values(numberedLosses).reduce((count, losses) => count + losses, 0);
  return settled - lost + nextServerNumber;
};

const add = (counts: LossCounts, reason: LossReason, count: number): LossCounts =>
  count === 0 ? counts : { ...counts, [reason]: (counts[reason] ?? 0) + count };

const addDropped = (counts: DroppedCounts, { writer, total }: NonNullable<FrameIntake['dropped']>): DroppedCounts => ({
  ...counts,
  [writer]: Math.max(counts[writer] ?? 0, total),
});

/** The frames ascending by number; of several with the same number, the first. */
export const byNumber = (frames: readonly StoredFrame[]): readonly StoredFrame[] => {
  if (frames.every(({ seq }, at) => at === 0 || seq > frames[at - 1]!.seq)) return frames;
  const first = new Map<number, StoredFrame>();
  for (const frame of frames) if (!first.has(frame.seq)) first.set(frame.seq, frame);
  return [...first.values()].toSorted((a, b) => a.seq - b.seq);
};

export const seqsOf = (frames: readonly StoredFrame[]): SeqCoverage => {
  const [first, last] = [frames[0], frames.at(-1)];
  if (first === undefined || last === undefined) return [];
  if (frames.every(({ seq }, at) => seq === first.seq + at)) return [[first.seq, last.seq]];
  let coverage: SeqCoverage = [];
  for (const { seq } of frames) coverage = cover(coverage, [seq, seq]).coverage;
  return coverage;
};

const addLink = (
  chain: ChainState,
  frames: readonly StoredFrame[],
  expected: string | null,
): { chain: ChainState; link: ChainLink } => {
  const head = linkOf(chain.head, frames);
  const confirmed = head === expected;
  return {
    chain: {
      ...chain,
      head,
      links: chain.links + 1,
      confirmed: chain.confirmed + Number(confirmed),
      frames: chain.frames + frames.length,
    },
    link: { link: head, seqs: [...seqsOf(frames)], confirmed },
  };
};

/** Makes the same decisions as the Redis script. Pure; throws `too_many_gaps`. @param nonce for a chain that begins here. */
export const appendToStream = (
  before: Stream | null,
  intake: FrameIntake,
  nonce: string,
): StreamChange<AppendResult> => {
  const stream = before ?? emptyStream;
  if (stream.seal !== undefined) return { stream, write: [], link: null, result: sealedResult(stream.seal) };
  let { coverage, numberedLosses } = stream;
  const receivedMs = nextReceipt(stream, intake.frames[0]?.received_at ?? 0);
  const write: StoredFrame[] = [];
  for (const frame of byNumber(intake.frames)) {
    const covered = cover(coverage, [frame.seq, frame.seq]);
    coverage = covered.coverage;
    if (covered.added === 0) continue;
    frame.received_at = receivedMs;
    write.push(frame);
  }
  for (const { reason, seqs } of intake.lost) {
    const covered = cover(coverage, seqs);
    coverage = covered.coverage;
    numberedLosses = add(numberedLosses, reason, covered.added);
  }
  if (coverage.length > maxGaps) throw tooManyGaps(maxGaps);
  const chainBefore = stream.chain ?? startChain(nonce);
  const linked = write.length === 0 ? null : addLink(chainBefore, write, intake.chain);
  const chain = linked?.chain ?? stream.chain;
  const toldLosses = mergeLosses(stream.toldLosses, intake.lossTotals);
  const after: Stream = {
    ...stream,
    coverage,
    numberedLosses,
    toldLosses,
    ...(intake.dropped === undefined ? {} : { dropped: addDropped(stream.dropped ?? {}, intake.dropped) }),
    chain,
    ...(write.length === 0 ? {} : { lastReceivedMs: receivedMs }),
  };
  return {
    stream: after,
    write,
    link: linked?.link ?? null,
    result: {
      status: 'stored',
      stored: write,
      duplicates: intake.frames.length - write.length,
      upToSeq: upToSeq(coverage),
      chain: chain?.head ?? null,
      first: before === null,
      position: positionOf(after),
    },
  };
};

export const appendNextToStream = (before: Stream | null, frame: UnnumberedFrame): StreamChange<AppendNextResult> => {
  const stream = before ?? emptyStream;
  if (stream.seal !== undefined) return { stream, write: [], link: null, result: sealedResult(stream.seal) };
  const seq = stream.nextServerNumber;
  const frameId = `srv-${seq}`;
  const receivedAt = nextReceipt(stream, frame.received_at);
  const after: Stream = { ...stream, nextServerNumber: seq + 1, lastReceivedMs: receivedAt };
  return {
    stream: after,
    write: [{ frame_id: frameId, seq, ...frame, received_at: receivedAt }],
    link: null,
    result: { status: 'stored', frameId, receivedAt, first: before === null, position: positionOf(after) },
  };
};
