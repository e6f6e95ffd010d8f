import { LOSS_REASONS } from '@invigil/protocol';
import type { StoredFrame } from '@invigil/protocol';
import { tooManyGaps } from '../ingest-error.ts';
import { answered, commandTimeoutMs } from './answered.ts';
import type { FrameRedis } from './frame-redis.ts';
import { maxGaps } from './frame-store.ts';
import type {
  AppendNextResult,
  AppendResult,
  FrameIntake,
  FrameStore,
  LossCounts,
  StreamState,
  UnnumberedFrame,
} from './frame-store.ts';
import { mergeLosses } from './loss-counts.ts';
import { inAnalysisOrder } from './read-chunks.ts';
import { highestSeq, parseCoverage, upToSeq } from './seq-coverage.ts';
import { storedFrames } from './stream.ts';

export interface RedisFrameStoreOptions {
  client: FrameRedis;
  frameRetentionSeconds: number;
  /** How long the stream's state outlives its frames' last change; a client may come back after its frames have expired. */
  streamRetentionSeconds: number;
  /** After this a command counts as failed. It may still be carried out, which harms nothing. */
  commandTimeoutMs?: number;
}

/** The documented keys, and one of ours. */
const keys = {
  index: (sessionId: string): string => `frames_meta:${sessionId}`,
  frame: (sessionId: string, frameId: string): string => `frame_meta:${sessionId}:${frameId}`,
  stream: (sessionId: string): string => `frames_state:${sessionId}`,
};

const chunkFrames = 500;

/** Frames in Redis, for any number of replicas. */
export class RedisFrameStore implements FrameStore {
  readonly #client: FrameRedis;
  readonly #retention: string;
  readonly #streamRetention: string;
  readonly #commandTimeoutMs: number;

  constructor(options: RedisFrameStoreOptions) {
    this.#client = options.client;
    this.#retention = String(options.frameRetentionSeconds);
    this.#streamRetention = String(options.streamRetentionSeconds);
    this.#commandTimeoutMs = options.commandTimeoutMs ?? commandTimeoutMs;
  }

  async append(sessionId: string, { frames, lost, lossTotals, chain }: FrameIntake): Promise<AppendResult> {
    const totals = Object.entries(lossTotals);
    const [status, stored, upTo, head, first] = await this.#answered(() =>
      this.#client.appendFrames(
        [...this.#streamKeys(sessionId), ...frames.map(({ frame_id }) => keys.frame(sessionId, frame_id))],
        [
          this.#retention,
          this.#streamRetention,
          String(maxGaps),
          chain ?? '',
          String(frames.length),
          String(lost.length),
          String(totals.length),
          ...frames.flatMap((f) => [f.frame_id, String(f.seq), String(f.timestamp), JSON.stringify(f)]),
          ...lost.flatMap(({ reason, seqs: [from, to] }) => [reason, String(from), String(to)]),
          ...totals.flatMap(([reason, total]) => [reason, String(total)]),
        ],
      ),
    );
    if (status === 'sealed') return { status };
    if (status === 'too_many_gaps') throw tooManyGaps(maxGaps);
    return {
      status: 'stored',
      stored: Number(stored),
      duplicates: frames.length - Number(stored),
      upToSeq: Number(upTo),
      chain: head === '' || head === undefined ? null : head,
      first: first === '1',
    };
  }

  async appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult> {
    const [status, frameId = '', first] = await this.#answered(() =>
      this.#client.appendNextFrame(
        [...this.#streamKeys(sessionId), keys.frame(sessionId, '')],
        [this.#retention, this.#streamRetention, String(frame.timestamp), JSON.stringify(frame).slice(1)],
      ),
    );
    return status === 'sealed' ? { status } : { status: 'stored', frameId, first: first === '1' };
  }

  async stateOf(sessionId: string): Promise<StreamState> {
    const hash = await this.#answered(() => this.#client.hGetAll(keys.stream(sessionId)));
    const counts = (kind: string): LossCounts =>
      Object.fromEntries(LOSS_REASONS.map((reason) => [reason, Number(hash[`${kind}:${reason}`] ?? 0)]));
    const chain = hash['chain'] ?? '';
    const coverage = parseCoverage(hash['seqs'] ?? '');
    const numbered = counts('lost');
    return {
      upToSeq: upToSeq(coverage),
      highestSeq: highestSeq(coverage),
      chain: chain === '' ? null : chain,
      losses: mergeLosses(numbered, counts('told')),
      frames: storedFrames(coverage, numbered, Number(hash['srv'] ?? 0)),
    };
  }

  async seal(sessionId: string): Promise<void> {
    const key = keys.stream(sessionId);
    await this.#answered(() =>
      this.#client.multi().hSet(key, 'sealed', '1').expire(key, Number(this.#streamRetention)).exec(),
    );
  }

  read(sessionId: string, fromMs = 0): AsyncIterable<StoredFrame[]> {
    return inAnalysisOrder(this.#chunks(sessionId, fromMs));
  }

  async clear(sessionId: string): Promise<void> {
    for (;;) {
      const ids = await this.#answered(() => this.#client.zRange(keys.index(sessionId), 0, chunkFrames - 1));
      if (ids.length === 0) break;
      await this.#answered(() =>
        this.#client
          .multi()
          .unlink(ids.map((id) => keys.frame(sessionId, id)))
          .zRem(keys.index(sessionId), ids)
          .exec(),
      );
    }
    // The seal goes last: until here nothing new can have come.
    await this.#answered(() => this.#client.unlink(this.#streamKeys(sessionId)));
  }

  async check(): Promise<void> {
    await this.#answered(() => this.#client.ping());
  }

  async close(): Promise<void> {
    if (this.#client.isReady) await this.#client.close();
    else this.#client.destroy();
  }

  #streamKeys(sessionId: string): string[] {
    return [keys.stream(sessionId), keys.index(sessionId)];
  }

  async *#chunks(sessionId: string, fromMs: number): AsyncGenerator<StoredFrame[]> {
    const ids = await this.#answered(() => this.#client.zRange(keys.index(sessionId), fromMs, '+inf', { BY: 'SCORE' }));
    for (let from = 0; from < ids.length; from += chunkFrames) {
      const chunk = ids.slice(from, from + chunkFrames).map((id) => keys.frame(sessionId, id));
      const texts = await this.#answered(() => this.#client.mGet(chunk));
      yield texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as StoredFrame]));
    }
  }

  #answered<Answer>(command: () => Promise<Answer>): Promise<Answer> {
    return answered(command, this.#commandTimeoutMs);
  }
}
