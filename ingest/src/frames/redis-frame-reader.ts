import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { withCommandDeadline } from '../redis/command-deadline.ts';
import { arrivalsOf } from './arrivals.ts';
import type { ArrivalGroup, ArrivalSource } from './arrivals.ts';
import { makeGeneration } from './chain-hash.ts';
import type { FrameKeys } from './frame-keys.ts';
import type { FrameRedis } from './frame-redis.ts';
import { startPosition } from './frame-store.ts';
import type { ArrivalPosition, StreamState } from './frame-store.ts';
import { seqOfId } from './frame-text.ts';
import type { FrameText } from './frame-text.ts';
import type { ArchivedTo, IndexedFrame } from './hot-frame-store.ts';
import { chunkFrames, inAnalysisOrder } from './read-chunks.ts';
import { parseLink, parseStreamHash } from './stream-hash.ts';

/** Ids read at a time; a page of ids is parsed in one turn of the event loop. */
const pageIds = 5000;

/** Reads the frames of sessions from Redis. */
export class RedisFrameReader {
  protected readonly keys: FrameKeys;
  readonly #client: FrameRedis;
  readonly #commandTimeoutMs: number;

  constructor(client: FrameRedis, keys: FrameKeys, commandTimeoutMs: number) {
    this.keys = keys;
    this.#client = client;
    this.#commandTimeoutMs = commandTimeoutMs;
  }

  async stateOf(sessionId: string): Promise<StreamState> {
    return parseStreamHash(await this.withDeadline(() => this.#client.hGetAll(this.keys.stream(sessionId))));
  }

  async archivedTo(sessionId: string): Promise<ArchivedTo | null> {
    const [generation, links, unnumbered] = await this.withDeadline(() =>
      this.#client.archivedTo([this.keys.stream(sessionId)], [makeGeneration()]),
    );
    if (generation === undefined) return null;
    return { generation, position: { links: Number(links), unnumbered: Number(unnumbered) } };
  }

  read(sessionId: string, fromMs = 0): AsyncIterable<StoredFrame[]> {
    const load = (page: readonly IndexedFrame[]): Promise<StoredFrame[]> =>
      this.frames(
        sessionId,
        page.map(({ frameId }) => frameId),
      );
    return inAnalysisOrder(this.#chunks(sessionId, fromMs, load));
  }

  readTexts(sessionId: string): AsyncIterable<FrameText[]> {
    return inAnalysisOrder(this.#chunks(sessionId, 0, (page) => this.texts(sessionId, page)));
  }

  async *arrivals(sessionId: string, from: ArrivalPosition = startPosition): AsyncIterable<ArrivalGroup> {
    const { arrivals: until } = await this.stateOf(sessionId);
    const source: ArrivalSource = {
      links: (place) => this.#links(sessionId, place),
      frames: (ids) => this.frames(sessionId, ids),
      until,
    };
    yield* arrivalsOf(source, from);
  }

  links(sessionId: string): AsyncIterable<ChainLink[]> {
    return this.#links(sessionId, null);
  }

  async linksFrom(sessionId: string, place: number): Promise<ChainLink[] | null> {
    const [where, ...texts] = await this.withDeadline(() =>
      this.#client.linksFrom(
        [this.keys.stream(sessionId), this.keys.links(sessionId)],
        [String(place), String(chunkFrames)],
      ),
    );
    return where === 'archived' ? null : texts.map(parseLink);
  }

  async frames(sessionId: string, ids: readonly string[]): Promise<StoredFrame[]> {
    const texts = await this.#values(sessionId, ids);
    return texts.flatMap((text) => (text === null ? [] : [JSON.parse(text) as StoredFrame]));
  }

  async texts(sessionId: string, frames: readonly IndexedFrame[]): Promise<FrameText[]> {
    const ids = frames.map(({ frameId }) => frameId);
    const texts = await this.#values(sessionId, ids);
    return frames.flatMap(({ frameId, timestamp }, at) => {
      const text = texts[at] ?? null;
      return text === null ? [] : [{ frame_id: frameId, seq: seqOfId(frameId), timestamp, text }];
    });
  }

  /**
   * Pages continue from a timestamp rather than a rank, because frames that arrive, expire or move to the archive in between shift ranks.
   */
  async *index(sessionId: string, fromMs: number): AsyncGenerator<IndexedFrame[]> {
    const key = this.keys.index(sessionId);
    let from = fromMs;
    let count = pageIds;
    let seen = new Set<string>();
    for (;;) {
      const limit = { offset: 0, count };
      const page = await this.withDeadline(() =>
        this.#client.zRangeWithScores(key, from, '+inf', { BY: 'SCORE', LIMIT: limit }),
      );
      const fresh = page.flatMap(({ value, score }) => (seen.has(value) ? [] : [{ frameId: value, timestamp: score }]));
      if (fresh.length > 0) yield fresh;
      const last = page.at(-1)?.score;
      if (last === undefined || page.length < count) return;
      // More frames with one timestamp than fit in a page: the next page must reach past those already seen.
      count = last === from ? count + pageIds : pageIds;
      seen = new Set(page.flatMap(({ value, score }) => (score === last ? [value] : [])));
      from = last;
    }
  }

  protected withDeadline<Answer>(command: () => Promise<Answer>): Promise<Answer> {
    return withCommandDeadline(command, this.#commandTimeoutMs);
  }

  /** Null for frames that the store does not hold. */
  async #values(sessionId: string, ids: readonly string[]): Promise<(string | null)[]> {
    if (ids.length === 0) return [];
    const keys = ids.map((id) => this.keys.frame(sessionId, id));
    return this.withDeadline(() => this.#client.mGet(keys));
  }

  async *#chunks<Item>(
    sessionId: string,
    fromMs: number,
    load: (page: readonly IndexedFrame[]) => Promise<Item[]>,
  ): AsyncGenerator<Item[]> {
    for await (const page of this.index(sessionId, fromMs)) {
      for (let from = 0; from < page.length; from += chunkFrames)
        yield await load(page.slice(from, from + chunkFrames));
    }
  }

  /** @param fromPlace null: the first that has not moved to the archive */
  async *#links(sessionId: string, fromPlace: number | null): AsyncGenerator<ChainLink[]> {
    let place = fromPlace ?? (await this.archivedTo(sessionId))?.position.links ?? 0;
    for (;;) {
      const links = (await this.linksFrom(sessionId, place)) ?? [];
      if (links.length > 0) yield links;
      if (links.length < chunkFrames) return;
      place += links.length;
    }
  }
}
