import type { ClientSessionMessage, Problem, ServerSessionMessage } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { UsageBudget } from '../budget/usage-budget.ts';
import type { AppendResult, FrameIntake as StoreIntake, FrameStore } from '../frames/frame-store.ts';
import { seqsOf } from '../frames/stream.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { impossibleLosses, possibleFrames } from './possible-losses.ts';
import { DroppedFrames } from './dropped-frames.ts';
import { correctFuture } from './future-frames.ts';
import { LateFrames } from './late-frames.ts';
import { inSpan } from '../telemetry/tracing.ts';

export interface FrameIntakeOptions {
  frames: FrameStore;
  records: SessionRecords;
  analysis: RunningAnalysis;
  metrics: IngestMetrics;
  now: () => number;
  /** By how much the clock that the replicas share may be wrong on this replica, milliseconds. */
  sharedClockErrorMs: () => number;
  budget: Pick<UsageBudget, 'spend' | 'refund'>;
  /**
   * Called with stored frames, some of which may have been stored before. They are acknowledged once this resolves. If it rejects, the
   * client sends them again.
   */
  onStored: (sessionId: string, frames: readonly StoredFrame[]) => Promise<void>;
}

/** `ended`: the session accepts no more frames. */
export type FrameIntakeResult =
  | { status: 'stored'; ack: ServerSessionMessage | null; problems: Problem[] }
  /** The session exceeds its frame rate limit. Nothing was stored: the client keeps numbered frames and sends them later. */
  | { status: 'too_fast'; retryAfterMs: number }
  | { status: 'ended' };

type Message<Kind extends ClientSessionMessage['kind']> = Extract<ClientSessionMessage, { kind: Kind }>;

/** Stores the frames and losses of a client's messages and passes new frames on to the analysis. */
export class FrameIntake {
  readonly #options: FrameIntakeOptions;
  readonly #late: LateFrames;
  readonly #dropped: DroppedFrames;

  constructor(options: FrameIntakeOptions) {
    this.#options = options;
    this.#late = new LateFrames(options);
    this.#dropped = new DroppedFrames(options.frames, this.#late);
  }

  /** Writes the count of a session's dropped frames now, or of all sessions. */
  writeDropped(sessionId: string | null): Promise<void> {
    return sessionId === null ? this.#dropped.close() : this.#dropped.flush(sessionId);
  }

  /** @param arrivedMs when the message arrived, by the clock that the replicas share; so in the methods below */
  async takeSingle(
    sessionId: string,
    { features, timestamp }: Message<'single'>,
    arrivedMs: number,
  ): Promise<FrameIntakeResult> {
    const { frames, analysis, metrics, now, budget, onStored } = this.#options;
    const retryAfterMs = budget.spend('frames', sessionId);
    if (retryAfterMs !== null) {
      metrics.framesLost.inc({ reason: 'rejected' });
      this.#dropped.add(sessionId, arrivedMs);
      return { status: 'too_fast', retryAfterMs };
    }
    const receivedAt = now();
    const frame = { ...features, timestamp: timestamp ?? receivedAt, received_at: receivedAt };
    correctFuture([frame], receivedAt);
    const stopTimer = metrics.storeSeconds.startTimer({ operation: 'append_next' });
    const appended = await inSpan('frames append_next', { 'invigil.frames': 1 }, () =>
      frames.appendNext(sessionId, frame),
    ).finally(stopTimer);
    const result = await this.#late.checked(sessionId, appended);
    if (result.status === 'sealed') {
      await this.#late.refuse(sessionId, { seqs: [], unnumbered: 1 }, arrivedMs, result);
      return { status: 'ended' };
    }
    metrics.framesStored.inc();
    const stored = [
      {
        ...frame,
        received_at: result.receivedAt,
        frame_id: result.frameId,
        seq: Number(result.frameId.slice('srv-'.length)),
      },
    ];
    await analysis.stored(sessionId, stored, result.position);
    await onStored(sessionId, stored);
    return { status: 'stored', ack: null, problems: [] };
  }

  async takeBatch(
    sessionId: string,
    { frames, rejected, chain }: Message<'batch'>,
    arrivedMs: number,
  ): Promise<FrameIntakeResult> {
    const { budget } = this.#options;
    const retryAfterMs = budget.spend('frames', sessionId, frames.length + rejected.length);
    if (retryAfterMs !== null) return { status: 'too_fast', retryAfterMs };
    const receivedAt = this.#options.now();
    correctFuture(frames, receivedAt);
    // These objects have no other owner, so they are changed in place. Copying objects with this many fields would be a
    // tenth of the server's work.
    const stored = frames as StoredFrame[];
    for (const frame of stored) {
      frame.frame_id = String(frame.seq);
      frame.received_at = receivedAt;
    }
    // Sending a rejected frame again will not help, so its number is settled as lost.
    const lost = rejected.flatMap(({ seq }) =>
      seq === undefined ? [] : [{ reason: 'rejected' as const, seqs: [seq, seq] as [number, number] }],
    );
    const problems = rejected.map(({ index: _index, ...problem }) => problem);
    const amount = frames.length + rejected.length;
    const intake = { frames: stored, lost, lossTotals: {}, chain };
    return this.#append(sessionId, intake, problems, arrivedMs).catch((error: unknown) => {
      // The client resends these frames, so a server outage must not use up its budget.
      budget.refund('frames', sessionId, amount);
      throw error;
    });
  }

  async takeLosses(sessionId: string, { losses }: Message<'losses'>, arrivedMs: number): Promise<FrameIntakeResult> {
    const { records, now } = this.#options;
    const session = await records.find(sessionId);
    const nowMs = now();
    const most = possibleFrames(session?.startedAt ?? new Date(nowMs).toISOString(), nowMs);
    const impossible = impossibleLosses(losses, most);
    if (impossible !== null) {
      return { status: 'stored', ack: null, problems: [{ code: 'INVALID_MESSAGE', ...impossible }] };
    }
    const { counts, ranges = [] } = losses;
    return this.#append(sessionId, { frames: [], lost: ranges, lossTotals: counts, chain: null }, [], arrivedMs);
  }

  /** The state that answers a `hello`; null if the session has ended. */
  async openStream(sessionId: string): Promise<Awaited<ReturnType<FrameStore['openStream']>> | null> {
    const stream = await this.#options.frames.openStream(sessionId);
    if (stream.isSealed || (stream.first && (await this.#late.endedElsewhere(sessionId)) !== null)) return null;
    return stream;
  }

  async #append(
    sessionId: string,
    intake: StoreIntake,
    problems: Problem[],
    arrivedMs: number,
  ): Promise<FrameIntakeResult> {
    const { frames, metrics, analysis, onStored } = this.#options;
    const stopTimer = metrics.storeSeconds.startTimer({ operation: 'append' });
    const appended = await inSpan('frames append', { 'invigil.frames': intake.frames.length }, () =>
      frames.append(sessionId, intake),
    ).finally(stopTimer);
    const result = await this.#late.checked(sessionId, appended);
    if (result.status === 'sealed') {
      const seqs = [...seqsOf(intake.frames), ...intake.lost.map((range) => range.seqs)];
      await this.#late.refuse(sessionId, { seqs, unnumbered: 0 }, arrivedMs, result);
      return { status: 'ended' };
    }
    metrics.framesStored.inc(result.stored.length);
    metrics.framesDuplicate.inc(result.duplicates);
    for (const { reason, seqs } of intake.lost) metrics.framesLost.inc({ reason }, seqs[1] - seqs[0] + 1);
    metrics.acknowledgements.inc();
    if (result.stored.length > 0) {
      await analysis.stored(sessionId, result.stored, result.position);
    }
    // Also for frames that were stored before: this step may have failed after the first attempt.
    if (intake.frames.length > 0) await onStored(sessionId, intake.frames);
    return { status: 'stored', ack: ackOf(result, intake), problems };
  }
}

const ackOf = (result: Extract<AppendResult, { status: 'stored' }>, { frames }: StoreIntake): ServerSessionMessage => ({
  type: 'ack',
  up_to_seq: result.upToSeq,
  seqs: [...seqsOf(frames)],
  chain: result.chain,
});
