import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { Logger } from 'pino';
import { startChain } from '@invigil/protocol/frame';
import type { ChainLink, ChainState, StoredFrame } from '@invigil/protocol/frame';
import { IngestError, frameStoreUnavailable } from '../model/ingest-error.ts';
import { makeNonce } from './chain-hash.ts';
import { embeddedSchema } from './embedded-schema.ts';
import type {
  AppendNextResult,
  AppendResult,
  FrameIntake,
  FrameStore,
  StreamState,
  UnnumberedFrame,
} from './frame-store.ts';
import { inAnalysisOrder } from './read-chunks.ts';
import { appendNextToStream, appendToStream, emptyStream, streamState } from './stream.ts';
import type { Stream, StreamChange } from './stream.ts';

export interface EmbeddedFrameStoreOptions {
  file: string;
  frameRetentionSeconds: number;
  /** How long the stream's state outlives its frames' last change; a client may come back after its frames have expired. */
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

const chunkFrames = 1000;
const maxPending = 20_000;
const purgeEveryMs = 60_000;
/** No session has this id. */
const checkedStream = ' check';

/** Frames in a SQLite file, for one process. Whatever arrives in one turn of the event loop shares one commit. */
export class EmbeddedFrameStore implements FrameStore {
  readonly #options: EmbeddedFrameStoreOptions;
  readonly #now: () => number;
  readonly #db: Database.Database;
  readonly #purge: NodeJS.Timeout;
  #pending: Pending[] = [];
  #closed = false;

  constructor(options: EmbeddedFrameStoreOptions) {
    this.#options = options;
    this.#now = options.now;
    mkdirSync(dirname(options.file), { recursive: true });
    this.#db = new Database(options.file, { timeout: 2000 });
    this.#db.exec(embeddedSchema);
    this.#removeExpired();
    this.#purge = setInterval(() => this.#removeExpired(), purgeEveryMs).unref();
  }

  greet(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }> {
    return this.#commit(sessionId, (before) => {
      const stream = before ?? emptyStream;
      const chain = stream.chain ?? startChain(makeNonce());
      const greeted = { ...stream, chain };
      return {
        stream: greeted,
        write: [],
        link: null,
        result: { ...streamState(greeted), chain, first: before === null },
      };
    });
  }

  append(sessionId: string, intake: FrameIntake): Promise<AppendResult> {
    return this.#commit(sessionId, (before) => appendToStream(before, intake, makeNonce()));
  }

  appendNext(sessionId: string, frame: UnnumberedFrame): Promise<AppendNextResult> {
    return this.#commit(sessionId, (before) => appendNextToStream(before, frame));
  }

  async seal(sessionId: string): Promise<void> {
    await this.#commit<undefined>(sessionId, (before) => ({
      stream: { ...(before ?? emptyStream), sealed: true },
      write: [],
      link: null,
      result: undefined,
    }));
  }

  async stateOf(sessionId: string): Promise<StreamState> {
    return this.#guarded(() => streamState(this.#load(sessionId) ?? emptyStream));
  }

  read(sessionId: string, fromMs = 0): AsyncIterable<StoredFrame[]> {
    return inAnalysisOrder(this.#chunks(sessionId, fromMs));
  }

  async *links(sessionId: string): AsyncIterable<ChainLink[]> {
    const find = 'SELECT place, json FROM links WHERE session_id = ? AND place > ? ORDER BY place LIMIT ?';
    for (let place = 0; ;) {
      const rows = this.#guarded(
        () => this.#db.prepare(find).all(sessionId, place, chunkFrames) as { place: number; json: string }[],
      );
      if (rows.length > 0) yield rows.map(({ json }) => JSON.parse(json) as ChainLink);
      if (rows.length < chunkFrames) return;
      place = rows.at(-1)?.place ?? place;
    }
  }

  async clear(sessionId: string): Promise<void> {
    this.#guarded(() =>
      this.#transaction(() => {
        this.#db.prepare('DELETE FROM frames WHERE session_id = ?').run(sessionId);
        this.#db.prepare('DELETE FROM links WHERE session_id = ?').run(sessionId);
        this.#db.prepare('DELETE FROM streams WHERE session_id = ?').run(sessionId);
      }),
    );
    // The write-ahead log has the frames too.
    this.#guarded(() => this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get());
  }

  async check(): Promise<void> {
    // A disk that is full can still be read.
    await this.#commit<undefined>(checkedStream, () => ({
      stream: emptyStream,
      write: [],
      link: null,
      result: undefined,
    }));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    clearInterval(this.#purge);
    this.#db.close();
  }

  #commit<Result>(sessionId: string, change: Change<Result>): Promise<Result> {
    if (this.#closed) return Promise.reject(frameStoreUnavailable('closed'));
    if (this.#pending.length >= maxPending) return Promise.reject(frameStoreUnavailable('too much to write'));
    return new Promise<Result>((resolve, reject) => {
      if (this.#pending.length === 0) setImmediate(() => this.#flush());
      this.#pending.push({ sessionId, change, resolve, reject });
    });
  }

  #flush(): void {
    const group = this.#pending;
    if (group.length === 0) return;
    this.#pending = [];
    const settle: (() => void)[] = [];
    try {
      this.#transaction(() => {
        const streams = new Map<string, Stream | null>();
        const write: { sessionId: string; frame: StoredFrame }[] = [];
        const links: { sessionId: string; place: number; link: ChainLink }[] = [];
        for (const { sessionId, change, resolve, reject } of group) {
          const known = streams.get(sessionId);
          const before = known === undefined ? this.#load(sessionId) : known;
          try {
            const { stream, write: frames, link, result } = change(before);
            streams.set(sessionId, stream);
            if (link !== null) links.push({ sessionId, place: stream.chain?.links ?? 0, link });
            for (const frame of frames) write.push({ sessionId, frame });
            settle.push(() => resolve(result as never));
          } catch (error) {
            if (!(error instanceof IngestError)) throw error;
            settle.push(() => reject(error));
          }
        }
        this.#save(streams, write);
        const insert = this.#db.prepare('INSERT INTO links VALUES (?, ?, ?)');
        for (const { sessionId, place, link } of links) insert.run(sessionId, place, JSON.stringify(link));
      });
    } catch (error) {
      for (const { reject } of group) reject(frameStoreUnavailable(error));
      return;
    }
    for (const done of settle) done();
  }

  #save(
    streams: ReadonlyMap<string, Stream | null>,
    write: readonly { sessionId: string; frame: StoredFrame }[],
  ): void {
    const nowMs = this.#now();
    const frameExpiryMs = nowMs + this.#options.frameRetentionSeconds * 1000;
    const streamExpiryMs = nowMs + this.#options.streamRetentionSeconds * 1000;
    const frame = this.#db.prepare('INSERT OR IGNORE INTO frames VALUES (?, ?, ?, ?, ?, ?)');
    for (const { sessionId, frame: f } of write) {
      frame.run(sessionId, f.frame_id, f.timestamp, f.seq, JSON.stringify(f), frameExpiryMs);
    }
    const stream = this.#db.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?, ?)');
    for (const [sessionId, state] of streams) {
      if (state !== null) stream.run(sessionId, JSON.stringify(state), streamExpiryMs);
    }
  }

  #load(sessionId: string): Stream | null {
    const row = this.#db.prepare('SELECT state FROM streams WHERE session_id = ?').get(sessionId) as
      | { state: string }
      | undefined;
    return row === undefined ? null : (JSON.parse(row.state) as Stream);
  }

  async *#chunks(sessionId: string, fromMs: number): AsyncGenerator<StoredFrame[]> {
    const ids = this.#guarded(
      () =>
        this.#db
          .prepare(
            'SELECT frame_id FROM frames WHERE session_id = ? AND timestamp_ms >= ? ORDER BY timestamp_ms, seq, frame_id',
          )
          .all(sessionId, fromMs) as { frame_id: string }[],
    );
    // Unsorted: an ORDER BY would make SQLite walk the whole session by time. `inAnalysisOrder` sorts each chunk anyway.
    const find = 'SELECT json FROM frames WHERE session_id = ? AND frame_id IN (SELECT value FROM json_each(?))';
    for (let from = 0; from < ids.length; from += chunkFrames) {
      const wanted = JSON.stringify(ids.slice(from, from + chunkFrames).map(({ frame_id }) => frame_id));
      const rows = this.#guarded(() => this.#db.prepare(find).all(sessionId, wanted) as { json: string }[]);
      yield rows.map(({ json }) => JSON.parse(json) as StoredFrame);
    }
  }

  #removeExpired(): void {
    const nowMs = this.#now();
    try {
      this.#db.prepare('DELETE FROM frames WHERE expires_at_ms < ?').run(nowMs);
      // Before their streams, by which they are found: looking at every link would hold up this process.
      this.#db
        .prepare('DELETE FROM links WHERE session_id IN (SELECT session_id FROM streams WHERE expires_at_ms < ?)')
        .run(nowMs);
      this.#db.prepare('DELETE FROM streams WHERE expires_at_ms < ?').run(nowMs);
    } catch (error) {
      this.#options.log.error({ event: 'frames.purge_failed', error });
    }
  }

  #transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw frameStoreUnavailable(error);
    }
  }
}
