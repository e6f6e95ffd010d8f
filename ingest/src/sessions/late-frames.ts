import type {
  AppendNextResult,
  AppendResult,
  FrameStore,
  RefusedCount,
  RefusedFrames,
  Sealed,
} from '../frames/frame-store.ts';
import type { SessionRecords } from '../records/session-records.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';

export interface LateFramesOptions {
  frames: FrameStore;
  records: SessionRecords;
  metrics: IngestMetrics;
  /** By how much the clock that the replicas share may be wrong on this replica, milliseconds. */
  sharedClockErrorMs: () => number;
}

/** By how much the shared clock may be wrong on the replica that ended the session, milliseconds. */
const otherClockErrorMs = 50;

/** Ends a session for its client without counting the frames: they are in the dump, or the session does not exist. */
const uncounted: Sealed = { status: 'sealed', sealedAtMs: -Infinity };

/** Messages that reach a session's stream when it is sealed. */
export class LateFrames {
  readonly #options: LateFramesOptions;

  constructor(options: LateFramesOptions) {
    this.#options = options;
  }

  /** The store's result, or `sealed` if the store had nothing of the session because it has ended. */
  async checked<Result extends AppendResult | AppendNextResult>(
    sessionId: string,
    result: Result,
  ): Promise<Result | Sealed> {
    if (result.status === 'sealed' || !result.first) return result;
    return (await this.endedElsewhere(sessionId)) ?? result;
  }

  /**
   * Null for a running session. If the session has ended, the store has lost its seal: frames stored since belong to no session, and are removed
   * and not acknowledged. While the end is in progress nothing is removed: the stream may hold frames that were acknowledged.
   */
  async endedElsewhere(sessionId: string): Promise<Sealed | null> {
    const { frames, records } = this.#options;
    const session = await records.find(sessionId);
    if (session?.status === 'running') return null;
    if (session?.status === 'ending') return uncounted;
    await frames.clear(sessionId);
    if (session === null || session.endedAt === null) return uncounted;
    // When the end was requested is lost with the seal. This is later, by the clock of the replica that ended the session.
    const sealedAtMs = Date.parse(session.endedAt);
    await frames.seal(sessionId, sealedAtMs);
    return { status: 'sealed', sealedAtMs };
  }

  /**
   * Counts frames that arrived before the end and could no longer be stored, so that the report includes them as lost. Frames that arrived
   * later are not part of the session. @param arrivedMs by the clock that the replicas share
   */
  async refuse(sessionId: string, refused: RefusedFrames, arrivedMs: number, { sealedAtMs }: Sealed): Promise<void> {
    const isInTime = this.#isInTime(arrivedMs, sealedAtMs);
    await this.#record(
      sessionId,
      isInTime ? await this.#options.frames.refuse(sessionId, refused) : await this.#counted(sessionId),
    );
  }

  /**
   * Counts frames without a number in the store. Repeated, it counts them again.
   * @param arrivals when they arrived, and how many
   * @returns records the count, and can be repeated if that fails
   */
  async refuseUnnumbered(
    sessionId: string,
    arrivals: readonly { arrivedMs: number; count: number }[],
    { sealedAtMs }: Sealed,
  ): Promise<() => Promise<void>> {
    const inTime = arrivals.filter(({ arrivedMs }) => this.#isInTime(arrivedMs, sealedAtMs));
    const unnumbered = inTime.reduce((sum, { count }) => sum + count, 0);
    const refused = await this.#options.frames.refuse(sessionId, { seqs: [], unnumbered });
    this.#measure(refused);
    return () => this.#save(sessionId, refused);
  }

  #isInTime(arrivedMs: number, sealedAtMs: number): boolean {
    return arrivedMs <= sealedAtMs + this.#options.sharedClockErrorMs() + otherClockErrorMs;
  }

  async #record(sessionId: string, refused: RefusedCount): Promise<void> {
    this.#measure(refused);
    await this.#save(sessionId, refused);
  }

  #measure({ added }: RefusedCount): void {
    if (added > 0) this.#options.metrics.framesLost.inc({ reason: 'session_over' }, added);
  }

  async #save(sessionId: string, { total }: RefusedCount): Promise<void> {
    if (total > 0) await this.#options.records.saveFramesRefused(sessionId, total);
  }

  /** What was counted before: if the records failed then, the client sends the frames again, and the count is recorded now. */
  async #counted(sessionId: string): Promise<RefusedCount> {
    return { total: (await this.#options.frames.stateOf(sessionId)).refused, added: 0 };
  }
}
