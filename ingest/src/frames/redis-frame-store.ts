import { LRUCache } from 'lru-cache';
import { sentText, startChain } from '@invigil/protocol/frame';
import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import { frameStoreUnavailable, tooManyGaps } from '../model/ingest-error.ts';
import { commandTimeoutMs, withCommandDeadline } from '../redis/command-deadline.ts';
import { linkOfTexts, makeNonce } from './chain-hash.ts';
import { appendArguments } from './append-arguments.ts';
import type { StreamLifetimes } from './append-arguments.ts';
import { arrivalsOf } from './arrivals.ts';
import type { ArrivalGroup, ArrivalSource } from './arrivals.ts';
import { frameKeys, streamKeys } from './frame-keys.ts';
import { parseLink, parseStreamHash } from './stream-hash.ts';
import type { FrameRedis } from './frame-redis.ts';
import { maxGaps, startPosition } from './frame-store.ts';
import type {
  AppendNextResult,
  AppendResult,
  ArrivalPosition,
  FrameIntake,
  FrameStore,
  StreamState,
  UnnumberedFrame,
} from './frame-store.ts';
import { chunkFrames, inAnalysisOrder } from './read-chunks.ts';
import { byNumber } from './stream.ts';

export interface RedisFrameStoreOptions {
  client: FrameRedis;
  frameRetentionSeconds: number;
  /** How long the stream's state outlives its last change; a client may return after its frames have expired. */
  streamRetentionSeconds: number;
  /** After this, a command counts as failed. Redis may still execute it, which is harmless. */
  commandTimeoutMs?: number;
}

/** Far above the number of sessions in one process; an evicted head costs one more round trip. */
const maxCachedHeads = 20_000;
const checkKey = 'check:frames';
/** Ids read at a time; a page of ids is parsed in one turn of the event loop. */
const pageIds = 5000;
/** Each attempt uses the head that the previous refusal returned. The second nearly always succeeds, except under concurrent writers. */
const maxAttempts = 16;

/** Frames in Redis, for any number of replicas. */
export class RedisFrameStore implements FrameStore {
  readonly #client: FrameRedis;
  readonly #lifetimes: StreamLifetimes;
  readonly #commandTimeoutMs: number;
  /** The last known head of each session's chain. A guess: another replica may have extended the chain. */
  readonly #heads = new LRUCache<string, string>({ max: maxCachedHeads });

  constructor(options: RedisFrameStoreOptions) {
    this.#client = options.client;
    this.#lifetimes = {
      frames: String(options.frameRetentionSeconds),
      stream: String(options.streamRetentionSeconds),
    };
    this.#commandTimeoutMs = options.commandTimeoutMs ?? commandTimeoutMs;
  }

  async openStream(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }> {
    const key = frameKeys.stream(sessionId);
    const nonce = makeNonce();
    const [known] = await this.#withDeadline(() =>
      this.#client
        .multi()
        .exists(key)
        .hSetNX(key, 'nonce', nonce)
        .expire(key, Number(this.#lifetimes.stream))
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
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const previous = this.#heads.get(sessionId) ?? nonce;
      const [status, ...answer] = await this.#appendLinked(sessionId, { ...intake, frames }, nonce, previous);
      if (status === 'sealed') return { status };
      if (status === 'too_many_gaps') throw tooManyGaps(maxGaps);
      if (status === 'stored') {
        const [storedCount, upTo, head = '', first, received, links, unnumbered] = answer;
        this.#rememberHead(sessionId, head);
        // The script stores all frames of the call, or none because all were stored before.
        const stored = storedCount === '0' ? [] : frames;
        for (const frame of stored) frame.received_at = Number(received);
        return {
          status,
          stored,
          duplicates: intake.frames.length - stored.length,
          upToSeq: Number(upTo),
          chain: head === '' ? null : head,
          first: first === '1',
          position: { links: Number(links), unnumbered: Number(unnumbered) },
        };
      }
      const [head = '', ...newPlaces] = answer;
      this.#rememberHead(sessionId, head);
      const isNew = new Set(newPlaces.map(Number));
      frames = frames.filter((_, place) => isNew.has(place));
    }
    throw frameStoreUnavailable('other connections kept extending the chain of this session');
  }

  #rememberHead(sessionId: string, head: string): void {
    if (head === '') this.#heads.delete(sessionId);
    else this.#heads.set(sessionId, head);
  }

  #appendLinked(
    sessionId: string,
    { frames, lost, lossTotals, chain: expected }: FrameIntake,
    nonce: string,
    previous: string,
  ): Promise<string[]> {
    // The hashed text is nearly the stored text, so serialising each frame once saves a tenth of the work.
    const texts = frames.map(sentText);
    const link = frames.length === 0 ? '' : linkOfTexts(previous, texts);
    // Redis executes commands in order, so the next command can extend this link before its reply arrives.
    if (link !== '') this.#heads.set(sessionId, link);
    const linked = { frames, texts, lost, lossTotals, previous, link, isConfirmed: link === expected };
    return this.#withDeadline(() =>
      this.#client.appendFrames(
        [...streamKeys(sessionId), ...frames.map(({ frame_id }) => frameKeys.frame(sessionId, frame_id))],
        appendArguments(linked, nonce, this.#lifetimes),
      ),
    );
  }

  async appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult> {
    const { received_at: receivedAt, ...others } = frame;
    const [status, frameId = '', first, received, links, unnumbered] = await this.#withDeadline(() =>
      this.#client.appendNextFrame(
        [frameKeys.stream(sessionId), frameKeys.index(sessionId), frameKeys.frame(sessionId, '')],
        [
          this.#lifetimes.frames,
          this.#lifetimes.stream,
          String(frame.timestamp),
          String(receivedAt),
          JSON.stringify(others).slice(1),
        ],
      ),
    );
    if (status === 'sealed') return { status };
    return {
      status: 'stored',
      frameId,
      receivedAt: Number(received),
      first: first === '1',
      position: { links: Number(links), unnumbered: Number(unnumbered) },
    };
  }

  async stateOf(sessionId: string): Promise<StreamState> {
    return parseStreamHash(await this.#withDeadline(() => this.#client.hGetAll(frameKeys.stream(sessionId))));
  }

  async seal(sessionId: string): Promise<void> {
    const key = frameKeys.stream(sessionId);
    await this.#withDeadline(() =>
      this.#client.multi().hSet(key, 'sealed', '1').expire(key, Number(this.#lifetimes.stream)).exec(),
    );
  }

  read(sessionId: string, fromMs = 0): AsyncIterable<StoredFrame[]> {
    return inAnalysisOrder(this.#chunks(sessionId, fromMs));
  }

  async *arrivals(sessionId: string, from: ArrivalPosition = startPosition): AsyncIterable<ArrivalGroup> {
    const { arrivals: until } = await this.stateOf(sessionId);
    const source: ArrivalSource = {
      links: (place) => this.#links(sessionId, place),
      frames: (ids) => this.#frames(sessionId, ids),
      until,
    };
    yield* arrivalsOf(source, from);
  }

  links(sessionId: string): AsyncIterable<ChainLink[]> {
    return this.#links(sessionId, 0);
  }

  async *#links(sessionId: string, fromPlace: number): AsyncGenerator<ChainLink[]> {
    for (let from = fromPlace; ; from += chunkFrames) {
      const texts = await this.#withDeadline(() =>
        this.#client.lRange(frameKeys.links(sessionId), from, from + chunkFrames - 1),
      );
      if (texts.length > 0) yield texts.map(parseLink);
      if (texts.length < chunkFrames) return;
    }
  }

  async clear(sessionId: string): Promise<void> {
    this.#heads.delete(sessionId);
    for (;;) {
      const ids = await this.#withDeadline(() => this.#client.zRange(frameKeys.index(sessionId), 0, chunkFrames - 1));
      if (ids.length === 0) break;
      await this.#withDeadline(() =>
        this.#client
          .multi()
          .unlink(ids.map((id) => frameKeys.frame(sessionId, id)))
          .zRem(frameKeys.index(sessionId), ids)
          .exec(),
      );
    }
    // Delete the seal last, because until then it keeps new frames out.
    await this.#withDeadline(() => this.#client.unlink(streamKeys(sessionId)));
  }

  async check(): Promise<void> {
    // A Redis that is full, or that refuses writes because it cannot save, still answers a ping.
    await this.#withDeadline(() => this.#client.set(checkKey, '1', { PX: 1 }));
  }

  async close(): Promise<void> {
    if (this.#client.isReady) await this.#client.close();
    else this.#client.destroy();
  }

  async *#chunks(sessionId: string, fromMs: number): AsyncGenerator<StoredFrame[]> {
    for await (const ids of this.#idPages(sessionId, fromMs)) {
      for (let from = 0; from < ids.length; from += chunkFrames) {
        yield await this.#frames(sessionId, ids.slice(from, from + chunkFrames));
      }
    }
  }

  /**
   * Frame ids by time. Pages continue from a timestamp rather than a rank, because frames that arrive or expire in between shift ranks.
   */
  async *#idPages(sessionId: string, fromMs: number): AsyncGenerator<string[]> {
    const key = frameKeys.index(sessionId);
    let from = fromMs;
    let count = pageIds;
    let seen = new Set<string>();
    for (;;) {
      const limit = { offset: 0, count };
      const page = await this.#withDeadline(() =>
        this.#client.zRangeWithScores(key, from, '+inf', { BY: 'SCORE', LIMIT: limit }),
      );
      const fresh = page.flatMap(({ value }) => (seen.has(value) ? [] : [value]));
      if (fresh.length > 0) yield fresh;
      const last = page.at(-1)?.score;
      if (last === undefined || page.length < count) return;
      // More frames with one timestamp than fit in a page: the next page must reach past those already seen.
      count = last === from ? count + pageIds : pageIds;
      seen = new Set(page.flatMap(({ value, score }) => (score === last ? [value] : [])));
      from = last;
    }
  }

  async #frames(sessionId: string, ids: readonly string[]): Promise<StoredFrame[]> {
    if (ids.length === 0) return [];
    const keys = ids.map((id) => frameKeys.frame(sessionId, id));
    const texts = await this.#withDeadline(() => this.#client.mGet(keys));
    return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as StoredFrame]));
  }

  #withDeadline<Answer>(command: () => Promise<Answer>): Promise<Answer> {
    return withCommandDeadline(command, this.#commandTimeoutMs);
  }
}
