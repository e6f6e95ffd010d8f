import type { ClientSessionMessage, Problem, ServerSessionMessage } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import type { RunningAnalysis } from '../analysis/running-analysis.ts';
import type { AppendNextResult, AppendResult, FrameIntake as StoreIntake, FrameStore } from '../frames/frame-store.ts';
import { cover } from '../frames/seq-coverage.ts';
import type { SeqCoverage } from '../frames/seq-coverage.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { impossibleLosses, possibleFrames } from './possible-losses.ts';
import { correctFuture } from './future-frames.ts';

export interface FrameIntakeOptions {
  frames: FrameStore;
  records: SessionRecords;
  analysis: RunningAnalysis;
  metrics: IngestMetrics;
  now: () => number;
  /** The frames are stored; some of them may have been stored before. */
  onStored: (sessionId: string, frames: readonly StoredFrame[]) => void;
}

/** `ended`: the session accepts no more frames. */
export type FrameIntakeResult =
  | { status: 'stored'; ack: ServerSessionMessage | null; problems: Problem[] }
  | { status: 'ended' };

type Message<Kind extends ClientSessionMessage['kind']> = Extract<ClientSessionMessage, { kind: Kind }>;

/** Stores the frames and losses of a client's messages and passes new frames on to the analysis. */
export class FrameIntake {
  readonly #options: FrameIntakeOptions;

  constructor(options: FrameIntakeOptions) {
    this.#options = options;
  }

  async takeSingle(sessionId: string, { features, timestamp }: Message<'single'>): Promise<FrameIntakeResult> {
    const { frames, analysis, metrics, now, onStored } = this.#options;
    const receivedAt = now();
    const frame = { ...features, timestamp: timestamp ?? receivedAt, received_at: receivedAt };
    correctFuture([frame], receivedAt);
    const stopTimer = metrics.storeSeconds.startTimer({ operation: 'append_next' });
    const result = await frames.appendNext(sessionId, frame).finally(stopTimer);
    if (result.status === 'sealed' || (await this.#hasEnded(sessionId, result))) return { status: 'ended' };
    metrics.framesStored.inc();
    const stored = [
      {
        ...frame,
        received_at: result.receivedAt,
        frame_id: result.frameId,
        seq: Number(result.frameId.slice('srv-'.length)),
      },
    ];
    analysis.stored(sessionId, stored, result.position);
    onStored(sessionId, stored);
    return { status: 'stored', ack: null, problems: [] };
  }

  takeBatch(sessionId: string, { frames, rejected, chain }: Message<'batch'>): Promise<FrameIntakeResult> {
    const receivedAt = this.#options.now();
    correctFuture(frames, receivedAt);
    // Nobody else holds these objects. Copying objects with this many fields would be a tenth of the server's work.
    const stored = frames.map((frame): StoredFrame =>
      Object.assign(frame, { frame_id: String(frame.seq), received_at: receivedAt }),
    );
    // Sending a rejected frame again will not help, so its number is settled as lost.
    const lost = rejected.flatMap(({ seq }) =>
      seq === undefined ? [] : [{ reason: 'rejected' as const, seqs: [seq, seq] as [number, number] }],
    );
    const problems = rejected.map(({ index: _index, ...problem }) => problem);
    return this.#append(sessionId, { frames: stored, lost, lossTotals: {}, chain }, problems);
  }

  async takeLosses(sessionId: string, { losses }: Message<'losses'>): Promise<FrameIntakeResult> {
    const { records, now } = this.#options;
    const session = await records.find(sessionId);
    const nowMs = now();
    const most = possibleFrames(session?.startedAt ?? new Date(nowMs).toISOString(), nowMs);
    const impossible = impossibleLosses(losses, most);
    if (impossible !== null) {
      return { status: 'stored', ack: null, problems: [{ code: 'INVALID_MESSAGE', ...impossible }] };
    }
    const { counts, ranges = [] } = losses;
    return this.#append(sessionId, { frames: [], lost: ranges, lossTotals: counts, chain: null }, []);
  }

  /**
   * A store that held nothing of the session may have been cleared by its end a moment ago, on another replica. Then the frames just
   * stored belong nowhere; they are removed again and not acknowledged. While the end is in progress nothing is removed: the stream
   * may be sealed by now and hold frames that were acknowledged before.
   */
  async isEndedElsewhere(sessionId: string): Promise<boolean> {
    const session = await this.#options.records.find(sessionId);
    if (session?.status === 'running') return false;
    if (session?.status !== 'ending') await this.#options.frames.clear(sessionId);
    return true;
  }

  async #append(sessionId: string, intake: StoreIntake, problems: Problem[]): Promise<FrameIntakeResult> {
    const { frames, metrics, analysis, onStored } = this.#options;
    const stopTimer = metrics.storeSeconds.startTimer({ operation: 'append' });
    const result = await frames.append(sessionId, intake).finally(stopTimer);
    if (result.status === 'sealed' || (await this.#hasEnded(sessionId, result))) return { status: 'ended' };
    metrics.framesStored.inc(result.stored.length);
    metrics.framesDuplicate.inc(result.duplicates);
    for (const { reason, seqs } of intake.lost) metrics.framesLost.inc({ reason }, seqs[1] - seqs[0] + 1);
    metrics.acknowledgements.inc();
    if (result.stored.length > 0) {
      analysis.stored(sessionId, result.stored, result.position);
      onStored(sessionId, intake.frames);
    }
    return { status: 'stored', ack: ackOf(result, intake), problems };
  }

  async #hasEnded(
    sessionId: string,
    { first }: Extract<AppendResult | AppendNextResult, { status: 'stored' }>,
  ): Promise<boolean> {
    return first && (await this.isEndedElsewhere(sessionId));
  }
}

const ackOf = (result: Extract<AppendResult, { status: 'stored' }>, intake: StoreIntake): ServerSessionMessage => {
  let seqs: SeqCoverage = [];
  for (const { seq } of intake.frames) seqs = cover(seqs, [seq, seq]).coverage;
  return { type: 'ack', up_to_seq: result.upToSeq, seqs: [...seqs], chain: result.chain };
};
