import { LRUCache } from 'lru-cache';
import { LOSS_REASONS } from '@invigil/protocol/channels';
import { sentText, startChain } from '@invigil/protocol/frame';
import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import { frameStoreUnavailable, tooManyGaps } from '../model/ingest-error.ts';
import { commandTimeoutMs, withCommandDeadline } from '../redis/command-deadline.ts';
import { linkOfTexts, makeNonce } from './chain-hash.ts';
import { chainOfHash, parseLink } from './chain-text.ts';
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
import { byNumber, storedFrames } from './stream.ts';

export interface RedisFrameStoreOptions {
  client: FrameRedis;
  frameRetentionSeconds: number;
  /** How long the stream's state outlives its frames' last change; a client may come back after its frames have expired. */
  streamRetentionSeconds: number;
  /** After this a command counts as failed. It may still be carried out, which harms nothing. */
  commandTimeoutMs?: number;
}

/** The documented keys, and two of ours. */
const keys = {
  index: (sessionId: string): string => `frames_meta:${sessionId}`,
  frame: (sessionId: string, frameId: string): string => `frame_meta:${sessionId}:${frameId}`,
  stream: (sessionId: string): string => `frames_state:${sessionId}`,
  links: (sessionId: string): string => `frames_links:${sessionId}`,
};

/** Far above the sessions of one process; a head that was evicted costs one more round trip. */
const maxCachedHeads = 20_000;
const checkKey = 'check:frames';
const chunkFrames = 500;
/** Each try knows what the one before was refused for, so the second one nearly always does; not where many write at once. */
const maxTries = 16;

/** Frames in Redis, for any number of replicas. */
export class RedisFrameStore implements FrameStore {
  readonly #client: FrameRedis;
  readonly #retention: string;
  readonly #streamRetention: string;
  readonly #commandTimeoutMs: number;
  /** The last known head of each session's chain. A guess: another replica may have extended the chain. */
  readonly #heads = new LRUCache<string, string>({ max: maxCachedHeads });

  constructor(options: RedisFrameStoreOptions) {
    this.#client = options.client;
    this.#retention = String(options.frameRetentionSeconds);
    this.#streamRetention = String(options.streamRetentionSeconds);
    this.#commandTimeoutMs = options.commandTimeoutMs ?? commandTimeoutMs;
  }

  async greet(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }> {
    const key = keys.stream(sessionId);
    const nonce = makeNonce();
    const [known] = await this.#withDeadline(() =>
      this.#client
        .multi()
        .exists(key)
        .hSetNX(key, 'nonce', nonce)
        .expire(key, Number(this.#streamRetention))
        .execTyped(),
    );
    const state = await this.stateOf(sessionId);
    const chain = state.chain ?? startChain(nonce);
    this.#heads.set(sessionId, chain.head);
    return { ...state, chain, first: known === 0 };
  }

  async append(sessionId: string, intake: FrameIntake): Promise<AppendResult> {
    const nonce = makeNonce();
    let frames = byNumber(intake.frames);
    for (let tries = 0; tries < maxTries; tries += 1) {
      const previous = this.#heads.get(sessionId) ?? nonce;
      const [status, ...answer] = await this.#appendLinked(sessionId, { ...intake, frames }, nonce, previous);
      if (status === 'sealed') return { status };
      if (status === 'too_many_gaps') throw tooManyGaps(maxGaps);
      if (status === 'stored') {
        const [stored, upTo, head = '', first] = answer;
        if (head === '') this.#heads.delete(sessionId);
        else this.#heads.set(sessionId, head);
        return {
          status,
          // The script stores all of the frames that it is given, or none because it had them all.
          stored: stored === '0' ? [] : frames,
          duplicates: intake.frames.length - Number(stored),
          upToSeq: Number(upTo),
          chain: head === '' ? null : head,
          first: first === '1',
        };
      }
      const [head = '', ...places] = answer;
      if (head === '') this.#heads.delete(sessionId);
      else this.#heads.set(sessionId, head);
      const isNew = new Set(places.map(Number));
      frames = frames.filter((_, place) => isNew.has(place));
    }
    throw frameStoreUnavailable('the chain was changed again and again');
  }

  #appendLinked(
    sessionId: string,
    { frames, lost, lossTotals, chain: expected }: FrameIntake,
    nonce: string,
    previous: string,
  ): Promise<string[]> {
    const totals = Object.entries(lossTotals);
    // What is hashed is nearly what is stored: writing each frame once saves a tenth of the work.
    const texts = frames.map(sentText);
    const link = frames.length === 0 ? '' : linkOfTexts(previous, texts);
    // Redis takes commands in order, so the next one can build on this one before it is answered.
    if (link !== '') this.#heads.set(sessionId, link);
    return this.#withDeadline(() =>
      this.#client.appendFrames(
        [...this.#streamKeys(sessionId), ...frames.map(({ frame_id }) => keys.frame(sessionId, frame_id))],
        [
          this.#retention,
          this.#streamRetention,
          String(maxGaps),
          nonce,
          previous,
          link,
          link === expected ? '1' : '0',
          String(frames.length),
          String(lost.length),
          String(totals.length),
          ...frames.flatMap((f, at) => [
            f.frame_id,
            String(f.seq),
            String(f.timestamp),
            storedText(f, texts[at] ?? ''),
          ]),
          ...lost.flatMap(({ reason, seqs: [from, to] }) => [reason, String(from), String(to)]),
          ...totals.flatMap(([reason, total]) => [reason, String(total)]),
        ],
      ),
    );
  }

  async appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult> {
    const [status, frameId = '', first] = await this.#withDeadline(() =>
      this.#client.appendNextFrame(
        [keys.stream(sessionId), keys.index(sessionId), keys.frame(sessionId, '')],
        [this.#retention, this.#streamRetention, String(frame.timestamp), JSON.stringify(frame).slice(1)],
      ),
    );
    return status === 'sealed' ? { status } : { status: 'stored', frameId, first: first === '1' };
  }

  async stateOf(sessionId: string): Promise<StreamState> {
    const hash = await this.#withDeadline(() => this.#client.hGetAll(keys.stream(sessionId)));
    const counts = (kind: string): LossCounts =>
      Object.fromEntries(LOSS_REASONS.map((reason) => [reason, Number(hash[`${kind}:${reason}`] ?? 0)]));
    const coverage = parseCoverage(hash['seqs'] ?? '');
    const numbered = counts('lost');
    return {
      upToSeq: upToSeq(coverage),
      highestSeq: highestSeq(coverage),
      chain: chainOfHash(hash),
      losses: mergeLosses(numbered, counts('told')),
      frames: storedFrames(coverage, numbered, Number(hash['srv'] ?? 0)),
    };
  }

  async seal(sessionId: string): Promise<void> {
    const key = keys.stream(sessionId);
    await this.#withDeadline(() =>
      this.#client.multi().hSet(key, 'sealed', '1').expire(key, Number(this.#streamRetention)).exec(),
    );
  }

  read(sessionId: string, fromMs = 0): AsyncIterable<StoredFrame[]> {
    return inAnalysisOrder(this.#chunks(sessionId, fromMs));
  }

  async *links(sessionId: string): AsyncIterable<ChainLink[]> {
    for (let from = 0; ; from += chunkFrames) {
      const texts = await this.#withDeadline(() =>
        this.#client.lRange(keys.links(sessionId), from, from + chunkFrames - 1),
      );
      if (texts.length > 0) yield texts.map(parseLink);
      if (texts.length < chunkFrames) return;
    }
  }

  async clear(sessionId: string): Promise<void> {
    this.#heads.delete(sessionId);
    for (;;) {
      const ids = await this.#withDeadline(() => this.#client.zRange(keys.index(sessionId), 0, chunkFrames - 1));
      if (ids.length === 0) break;
      await this.#withDeadline(() =>
        this.#client
          .multi()
          .unlink(ids.map((id) => keys.frame(sessionId, id)))
          .zRem(keys.index(sessionId), ids)
          .exec(),
      );
    }
    // The seal goes last: until here nothing new can have come.
    await this.#withDeadline(() => this.#client.unlink(this.#streamKeys(sessionId)));
  }

  async check(): Promise<void> {
    // One that is full, or that cannot save and so takes nothing, still answers a ping.
    await this.#withDeadline(() => this.#client.set(checkKey, '1', { PX: 1 }));
  }

  async close(): Promise<void> {
    if (this.#client.isReady) await this.#client.close();
    else this.#client.destroy();
  }

  #streamKeys(sessionId: string): string[] {
    return [keys.stream(sessionId), keys.index(sessionId), keys.links(sessionId)];
  }

  async *#chunks(sessionId: string, fromMs: number): AsyncGenerator<StoredFrame[]> {
    const ids = await this.#withDeadline(() =>
      this.#client.zRange(keys.index(sessionId), fromMs, '+inf', { BY: 'SCORE' }),
    );
    for (let from = 0; from < ids.length; from += chunkFrames) {
      const chunk = ids.slice(from, from + chunkFrames).map((id) => keys.frame(sessionId, id));
      const texts = await this.#withDeadline(() => this.#client.mGet(chunk));
      yield texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as StoredFrame]));
    }
  }

  #withDeadline<Answer>(command: () => Promise<Answer>): Promise<Answer> {
    return withCommandDeadline(command, this.#commandTimeoutMs);
  }
}

/** The frame as JSON. @param sent its text without what the server adds */
const storedText = ({ frame_id, received_at }: StoredFrame, sent: string): string =>
  `{"frame_id":${JSON.stringify(frame_id)},"received_at":${received_at},${sent.slice(1)}`;
