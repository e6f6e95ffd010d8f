import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { frameStoreUnavailable } from '../model/ingest-error.ts';
import { arrivalsOf } from './arrivals.ts';
import type { ArrivalGroup, ArrivalSource } from './arrivals.ts';
import type { EmbeddedFrameTables } from './embedded-frame-tables.ts';
import { startPosition } from './frame-store.ts';
import type { ArrivalPosition, StreamState } from './frame-store.ts';
import { parseText } from './frame-text.ts';
import type { FramePosition, FrameText } from './frame-text.ts';
import type { IndexedFrame } from './hot-frame-store.ts';
import { chunkFrames } from './read-chunks.ts';
import { emptyStream, streamState } from './stream.ts';

/** Rows of the index read in one turn of the event loop. */
const pageRows = 2000;

/** Reads the frames of sessions from the SQLite file. */
export class EmbeddedFrameReader {
  readonly #tables: EmbeddedFrameTables;

  constructor(tables: EmbeddedFrameTables) {
    this.#tables = tables;
  }

  async stateOf(sessionId: string): Promise<StreamState> {
    return guarded(() => streamState(this.#tables.stream(sessionId) ?? emptyStream));
  }

  async *read(sessionId: string, fromMs = 0): AsyncIterable<StoredFrame[]> {
    for await (const texts of this.readTexts(sessionId, fromMs)) yield guarded(() => texts.map(parseText));
  }

  async *readTexts(sessionId: string, fromMs = 0): AsyncIterable<FrameText[]> {
    let after: FramePosition = { timestamp: fromMs, seq: -1, frame_id: '' };
    for (;;) {
      const frames = guarded(() => this.#tables.textsAfter(sessionId, after, chunkFrames));
      if (frames.length > 0) yield frames;
      const last = frames.at(-1);
      if (last === undefined || frames.length < chunkFrames) return;
      after = last;
      // The driver is synchronous: without this a reader that does nothing else would read the whole session in one turn.
      await nextTurn();
    }
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
    return this.#links(sessionId, 0);
  }

  async *index(sessionId: string, fromMs: number): AsyncIterable<IndexedFrame[]> {
    let after: FramePosition = { timestamp: fromMs, seq: -1, frame_id: '' };
    for (;;) {
      const rows = guarded(() => this.#tables.indexAfter(sessionId, after, pageRows));
      if (rows.length > 0) yield rows.map(({ frame_id, timestamp }) => ({ frameId: frame_id, timestamp }));
      const last = rows.at(-1);
      if (last === undefined || rows.length < pageRows) return;
      after = last;
      await nextTurn();
    }
  }

  async frames(sessionId: string, ids: readonly string[]): Promise<StoredFrame[]> {
    await nextTurn();
    return guarded(() => this.#tables.texts(sessionId, ids).map(parseText));
  }

  async texts(sessionId: string, frames: readonly IndexedFrame[]): Promise<FrameText[]> {
    await nextTurn();
    const ids = frames.map(({ frameId }) => frameId);
    return guarded(() => this.#tables.texts(sessionId, ids));
  }

  async linksFrom(sessionId: string, place: number): Promise<ChainLink[] | null> {
    return guarded(() => {
      if (place < (this.#tables.stream(sessionId)?.archived?.position.links ?? 0)) return null;
      return this.#tables.linksAfter(sessionId, place, chunkFrames).map(({ link }) => link);
    });
  }

  async *#links(sessionId: string, fromPlace: number): AsyncGenerator<ChainLink[]> {
    for (let place = fromPlace; ;) {
      const rows = guarded(() => this.#tables.linksAfter(sessionId, place, chunkFrames));
      if (rows.length > 0) yield rows.map(({ link }) => link);
      if (rows.length < chunkFrames) return;
      place = rows.at(-1)?.place ?? place;
    }
  }
}

/** Throws `frame_store_unavailable` for the driver's errors. */
export const guarded = <Result>(work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw frameStoreUnavailable(error);
  }
};
