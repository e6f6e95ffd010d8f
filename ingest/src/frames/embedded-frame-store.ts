import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { startChain } from '@invigil/protocol/frame';
import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import { IngestError, frameStoreUnavailable } from '../model/ingest-error.ts';
import { SqliteFile } from '../sqlite/sqlite-file.ts';
import { makeNonce } from './chain-hash.ts';
import { embeddedSchema } from './embedded-schema.ts';
import { arrivalsOf } from './arrivals.ts';
import type { ArrivalGroup, ArrivalSource } from './arrivals.ts';
import { startPosition } from './frame-store.ts';
import type {
  AppendNextResult,
  AppendResult,
  ArrivalPosition,
  FrameIntake,
  FrameStore,
  StreamState,
  UnnumberedFrame,
} from './frame-store.ts';
import { chunkFrames } from './read-chunks.ts';
import { EmbeddedFrameTables } from './embedded-frame-tables.ts';
import type { FramePosition, NewFrame, NewLink } from './embedded-frame-tables.ts';
import { appendNextToStream, appendToStream, emptyStream, streamState } from './stream.ts';
import type { Stream, StreamChange } from './stream.ts';

export interface EmbeddedFrameStoreOptions {
  file: string;
  frameRetentionSeconds: number;
  /** How long the stream's state outlives its last change; a client may return after its frames have expired. */
  streamRetentionSeconds: number;
  log: Logger;
  now: () => number;
}

type Change<Result = unknown> = (before: Stream | null) => StreamChange<Result>;

interface Pending {
  sessionId: string;
  change: Change;
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
}

/** A change that writes only the stream's state. */
const toState = <Result>(stream: Stream, result: Result): StreamChange<Result> => ({
  stream,
  write: [],
  link: null,
  result,
});

const maxPending = 20_000;
/** Rows deleted before yielding to other work; takes about 5 ms. */
const deleteBatch = 500;
const purgeEveryMs = 60_000;
/** Not a valid session id, so no session has it. */
const checkStreamId = ' check';

/** Frames in a SQLite file, for one process. All changes of one turn of the event loop share one commit. */
export class EmbeddedFrameStore implements FrameStore {
  readonly #options: EmbeddedFrameStoreOptions;
  readonly #now: () => number;
  readonly #file: SqliteFile;
  readonly #tables: EmbeddedFrameTables;
  readonly #purge: NodeJS.Timeout;
  #pending: Pending[] = [];
  #closed = false;

  constructor(options: EmbeddedFrameStoreOptions) {
    this.#options = options;
    this.#now = options.now;
    this.#file = new SqliteFile(options.file);
    this.#file.db.exec(embeddedSchema);
    this.#tables = new EmbeddedFrameTables(this.#file.db);
    this.#removeExpired();
    this.#purge = setInterval(() => this.#removeExpired(), purgeEveryMs).unref();
  }

  openStream(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }> {
    return this.#commit(sessionId, (before) => {
      const stream = before ?? emptyStream;
      const chain = stream.chain ?? startChain(makeNonce());
      const updated = { ...stream, chain };
      return toState(updated, { ...streamState(updated), chain, first: before === null });
    });
  }

  append(sessionId: string, intake: FrameIntake): Promise<AppendResult> {
    return this.#commit(sessionId, (before) => appendToStream(before, intake, makeNonce()));
  }

  appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult> {
    return this.#commit(sessionId, (before) => appendNextToStream(before, frame));
  }

  async seal(sessionId: string): Promise<void> {
    await this.#commit(sessionId, (before) => toState({ ...(before ?? emptyStream), sealed: true }, undefined));
  }

  async stateOf(sessionId: string): Promise<StreamState> {
    return guarded(() => streamState(this.#tables.stream(sessionId) ?? emptyStream));
  }

  read(sessionId: string, fromMs = 0): AsyncIterable<StoredFrame[]> {
    return this.#chunks(sessionId, fromMs);
  }

  async *arrivals(sessionId: string, from: ArrivalPosition = startPosition): AsyncIterable<ArrivalGroup> {
    const { arrivals: until } = await this.stateOf(sessionId);
    const source: ArrivalSource = {
      links: (place) => this.#links(sessionId, place),
      frames: async (ids) => {
        await nextTurn();
        return guarded(() => this.#tables.frames(sessionId, ids));
      },
      until,
    };
    yield* arrivalsOf(source, from);
  }

  links(sessionId: string): AsyncIterable<ChainLink[]> {
    return this.#links(sessionId, 0);
  }

  async *#links(sessionId: string, fromPlace: number): AsyncGenerator<ChainLink[]> {
    for (let place = fromPlace; ;) {
      const rows = guarded(() => this.#tables.linksAfter(sessionId, place, chunkFrames));
      if (rows.length > 0) yield rows.map(({ link }) => link);
      if (rows.length < chunkFrames) return;
      place = rows.at(-1)?.place ?? place;
    }
  }

  async clear(sessionId: string): Promise<void> {
    let deleted = 0;
    // In batches: deleting a session of several hours in one statement would block this process for seconds.
    for (const table of ['frames', 'links'] as const) {
      let batch: number;
      do {
        if (this.#closed) throw frameStoreUnavailable('closed');
        batch = guarded(() => this.#tables.deleteRows(table, sessionId, deleteBatch));
        deleted += batch;
        await nextTurn();
      } while (batch === deleteBatch);
    }
    if (this.#closed) throw frameStoreUnavailable('closed');
    deleted += guarded(() => this.#tables.deleteStream(sessionId));
    if (deleted > 0)
      await this.#file.emptyLog().catch((error: unknown) => Promise.reject(frameStoreUnavailable(error)));
  }

  async check(): Promise<void> {
    const problem = this.#file.problem();
    if (problem !== null) throw frameStoreUnavailable(problem);
    // A write, because a full disk can still be read.
    await this.#commit(checkStreamId, () => toState(emptyStream, undefined));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#purge);
    await this.#flush();
    await this.#file.close();
  }

  #commit<Result>(sessionId: string, change: Change<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(frameStoreUnavailable('closed'));
    if (this.#pending.length >= maxPending) return Promise.reject(frameStoreUnavailable('too many pending writes'));
    return new Promise<Result>((resolve, reject) => {
      if (this.#pending.length === 0) setImmediate(() => void this.#flush());
      this.#pending.push({ sessionId, change, resolve, reject });
    });
  }

  /** One transaction for all pending changes. They are answered once it is on disk; the next one need not wait for that. */
  async #flush(): Promise<void> {
    const group = this.#pending;
    if (group.length === 0) return;
    this.#pending = [];
    const settle: (() => void)[] = [];
    try {
      this.#tables.transaction(() => this.#apply(group, settle));
      await this.#file.synced();
    } catch (error) {
      this.#file.noteFailure(error);
      for (const { reject } of group) reject(frameStoreUnavailable(error));
      return;
    }
    for (const done of settle) done();
  }

  /** @param settle receives what to call once the transaction is committed */
  #apply(group: readonly Pending[], settle: (() => void)[]): void {
    const streams = new Map<string, Stream>();
    const frames: NewFrame[] = [];
    const links: NewLink[] = [];
    for (const { sessionId, change, resolve, reject } of group) {
      const before = streams.get(sessionId) ?? this.#tables.stream(sessionId);
      try {
        const { stream, write, link, result } = change(before);
        streams.set(sessionId, stream);
        if (link !== null) links.push({ sessionId, place: stream.chain?.links ?? 0, link });
        for (const frame of write) frames.push({ sessionId, frame });
        settle.push(() => resolve(result as never));
      } catch (error) {
        if (!(error instanceof IngestError)) throw error;
        settle.push(() => reject(error));
      }
    }
    const { frameRetentionSeconds, streamRetentionSeconds } = this.#options;
    const nowMs = this.#now();
    const expiry = {
      framesMs: nowMs + frameRetentionSeconds * 1000,
      streamsMs: nowMs + streamRetentionSeconds * 1000,
    };
    this.#tables.insertFrames(frames, expiry);
    this.#tables.saveStreams(streams, expiry);
    this.#tables.insertLinks(links);
  }

  async *#chunks(sessionId: string, fromMs: number): AsyncGenerator<StoredFrame[]> {
    let after: FramePosition = { timestamp: fromMs, seq: -1, frame_id: '' };
    for (;;) {
      const frames = guarded(() => this.#tables.framesAfter(sessionId, after, chunkFrames));
      if (frames.length > 0) yield frames;
      const last = frames.at(-1);
      if (last === undefined || frames.length < chunkFrames) return;
      after = last;
      // The driver is synchronous: without this a reader that does nothing else would read the whole session in one turn.
      await nextTurn();
    }
  }

  #removeExpired(): void {
    try {
      this.#tables.removeExpired(this.#now());
      this.#file.written();
    } catch (error) {
      this.#options.log.error({ event: 'frames.purge_failed', error });
    }
  }
}

const guarded = <Result>(work: () => Result): Result => {
  try {
    return work();
  } catch (error) {
    throw frameStoreUnavailable(error);
  }
};
