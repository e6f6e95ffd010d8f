import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { startChain } from '@invigil/protocol/frame';
import type { ChainState } from '@invigil/protocol/frame';
import { IngestError, frameStoreUnavailable } from '../model/ingest-error.ts';
import { SqliteFile } from '../sqlite/sqlite-file.ts';
import { makeGeneration, makeNonce } from './chain-hash.ts';
import { embeddedSchema } from './embedded-schema.ts';
import { EmbeddedFrameReader, guarded } from './embedded-frame-reader.ts';
import { messagesBefore, startPosition } from './frame-store.ts';
import type {
  AppendNextResult,
  AppendResult,
  FrameIntake,
  RefusedCount,
  RefusedFrames,
  StreamState,
  UnnumberedFrame,
} from './frame-store.ts';
import type { ArchivedTo, ArrivalSpan, HotFrameStore, RemovalResult } from './hot-frame-store.ts';
import { EmbeddedFrameTables } from './embedded-frame-tables.ts';
import type { NewFrame, NewLink } from './embedded-frame-tables.ts';
import { resumeStream } from './resumed-stream.ts';
import type { ResumedStream } from './resumed-stream.ts';
import { refuseFrames, retireStream, sealStream } from './sealed-stream.ts';
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

/** `stream` is null if the session does not exist and stays so. */
type StoreChange<Result> = Omit<StreamChange<Result>, 'stream'> & { stream: Stream | null };
type Change<Result = unknown> = (before: Stream | null) => StoreChange<Result>;

interface Pending {
  sessionId: string;
  change: Change;
  resolve: (result: never) => void;
  reject: (error: unknown) => void;
}

/** A change that writes only the stream's state. */
const toState = <Result>(stream: Stream | null, result: Result): StoreChange<Result> => ({
  stream,
  write: [],
  link: null,
  result,
});

const maxPending = 20_000;
/** Rows deleted before yielding to other work; takes about 5 ms. */
const deleteBatch = 500;
/** The same for frames that moved to the archive, which happens while everybody is sending. Takes about 1 ms. */
const archivedBatch = 50;
/**
 * Not at the start: after a long outage, or with a wrong clock, the frames of sessions that were running have expired. The server ends those sessions
 * first, or archives their frames.
 */
const purgeEveryMs = 600_000;
/** Not a valid session id, so no session has it. */
const checkStreamId = ' check';

/** Frames in a SQLite file, for one process. All changes of one turn of the event loop share one commit. */
export class EmbeddedFrameStore extends EmbeddedFrameReader implements HotFrameStore {
  readonly #options: EmbeddedFrameStoreOptions;
  readonly #now: () => number;
  readonly #file: SqliteFile;
  readonly #tables: EmbeddedFrameTables;
  readonly #purge: NodeJS.Timeout;
  #pending: Pending[] = [];
  #closed = false;

  constructor(options: EmbeddedFrameStoreOptions) {
    const file = new SqliteFile(options.file);
    file.db.exec(embeddedSchema);
    const tables = new EmbeddedFrameTables(file.db);
    super(tables);
    this.#options = options;
    this.#now = options.now;
    this.#file = file;
    this.#tables = tables;
    this.#purge = setInterval(() => this.#removeExpired(), purgeEveryMs).unref();
  }

  openStream(sessionId: string): Promise<StreamState & { chain: ChainState; first: boolean }> {
    return this.#commit(sessionId, (before) => {
      const stream = before ?? emptyStream;
      const chain = stream.chain ?? startChain(makeNonce());
      if (stream.seal !== undefined) return toState(stream, { ...streamState(stream), chain, first: false });
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

  async seal(sessionId: string, atMs: number): Promise<void> {
    await this.#commit(sessionId, (before) => toState(sealStream(before ?? emptyStream, atMs), undefined));
  }

  refuse(sessionId: string, frames: RefusedFrames): Promise<RefusedCount> {
    return this.#commit(sessionId, (before) => {
      if (before === null) return toState(null, { total: 0, added: 0 });
      const { stream, ...count } = refuseFrames(before, frames);
      return toState(stream, count);
    });
  }

  async archivedTo(sessionId: string): Promise<ArchivedTo | null> {
    const stream = guarded(() => this.#tables.stream(sessionId));
    if (stream === null || stream.seal?.isRetired === true) return null;
    if (stream.archived !== undefined) return stream.archived;
    return this.#commit(sessionId, (before) => {
      if (before === null) return toState<ArchivedTo | null>(null, null);
      const archived = before.archived ?? { generation: makeGeneration(), position: startPosition };
      return toState({ ...before, archived }, archived);
    });
  }

  async removeArchived(
    sessionId: string,
    generation: string,
    { from, to }: ArrivalSpan,
    frameIds: readonly string[],
  ): Promise<RemovalResult> {
    const result = await this.#commit(sessionId, (before): StoreChange<RemovalResult> => {
      const archived = before?.archived;
      if (before === null || archived?.generation !== generation) return toState(before, 'gone');
      if (messagesBefore(archived.position) !== messagesBefore(from)) return toState(before, 'moved');
      return toState({ ...before, archived: { generation, position: to } }, 'removed');
    });
    // Rows that a crash leaves behind are in the archive as well; readers return each frame once.
    if (result === 'removed') {
      for (let at = 0; at < frameIds.length; at += archivedBatch) {
        guarded(() => this.#tables.deleteFrames(sessionId, frameIds.slice(at, at + archivedBatch)));
        await nextTurn();
      }
      guarded(() => this.#tables.deleteLinks(sessionId, to.links));
      this.#file.written();
    }
    return result;
  }

  async resume(sessionId: string, from: ResumedStream): Promise<boolean> {
    const isResumed = await this.#commit(sessionId, (before): StoreChange<boolean> => {
      const resumed = resumeStream(before ?? emptyStream, from);
      return toState(resumed ?? before, resumed !== null);
    });
    // Frames left in the file are in the archive as well; readers return each frame once.
    if (isResumed) guarded(() => this.#tables.deleteLinks(sessionId, from.archived.position.links));
    return isResumed;
  }

  /** The file cannot go while this process has it open. */
  onMissing(): void {}

  epoch(): number {
    return 0;
  }

  /** This process is the only one. */
  async claimArchiving(): Promise<boolean> {
    return true;
  }

  async releaseArchiving(): Promise<void> {}

  async retire(sessionId: string, atMs: number): Promise<void> {
    const deleted = await this.#deleteRows(sessionId);
    await this.#commit(sessionId, (before) =>
      toState(retireStream(before ?? emptyStream, emptyStream, atMs), undefined),
    );
    if (deleted > 0) await this.#emptyLog();
  }

  async clear(sessionId: string): Promise<void> {
    const deleted = await this.#deleteRows(sessionId);
    if (deleted + guarded(() => this.#tables.deleteStream(sessionId)) > 0) await this.#emptyLog();
  }

  #emptyLog(): Promise<void> {
    return this.#file.emptyLog().catch((error: unknown) => Promise.reject(frameStoreUnavailable(error)));
  }

  async #deleteRows(sessionId: string): Promise<number> {
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
    return deleted;
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
        if (stream !== null) streams.set(sessionId, stream);
        if (link !== null) links.push({ sessionId, place: stream?.chain?.links ?? 0, link });
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

  #removeExpired(): void {
    try {
      this.#tables.removeExpired(this.#now());
      this.#file.written();
    } catch (error) {
      this.#options.log.error({ event: 'frames.purge_failed', error });
    }
  }
}
