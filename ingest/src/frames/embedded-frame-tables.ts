import type Database from 'libsql';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import type { FramePosition, FrameText } from './frame-text.ts';
import { sealStream } from './sealed-stream.ts';
import type { Stream } from './stream.ts';

export interface NewFrame {
  sessionId: string;
  frame: StoredFrame;
}

export interface NewLink {
  sessionId: string;
  /** Counted from 1. */
  place: number;
  link: ChainLink;
}

/** The columns of a `FrameText`. */
const textColumns = 'timestamp_ms AS timestamp, seq, frame_id, json AS text';

/** When new rows expire, milliseconds. */
export interface RowExpiry {
  framesMs: number;
  streamsMs: number;
}

/** The statements on the tables of `embeddedSchema`. Synchronous; errors are the driver's. */
export class EmbeddedFrameTables {
  readonly #db: Database.Database;

  constructor(db: Database.Database) {
    this.#db = db;
  }

  transaction(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (error) {
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  stream(sessionId: string): Stream | null {
    const row = this.#db.prepare('SELECT state FROM streams WHERE session_id = ?').get(sessionId) as
      | { state: string }
      | undefined;
    return row === undefined ? null : storedStream(row.state);
  }

  saveStreams(streams: ReadonlyMap<string, Stream>, { streamsMs }: RowExpiry): void {
    const insert = this.#db.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?, ?)');
    for (const [sessionId, stream] of streams) insert.run(sessionId, JSON.stringify(stream), streamsMs);
  }

  insertFrames(frames: readonly NewFrame[], { framesMs }: RowExpiry): void {
    const insert = this.#db.prepare('INSERT OR IGNORE INTO frames VALUES (?, ?, ?, ?, ?, ?)');
    for (const { sessionId, frame } of frames) {
      insert.run(sessionId, frame.frame_id, frame.timestamp, frame.seq, JSON.stringify(frame), framesMs);
    }
  }

  insertLinks(links: readonly NewLink[]): void {
    const insert = this.#db.prepare('INSERT INTO links VALUES (?, ?, ?)');
    for (const { sessionId, place, link } of links) insert.run(sessionId, place, JSON.stringify(link));
  }

  /** The next frames in the order of analysis (`compareFrames`), which is also the order of the index `frames_by_time`. */
  textsAfter(sessionId: string, after: FramePosition, limit: number): FrameText[] {
    const find =
      `SELECT ${textColumns} FROM frames WHERE session_id = ? AND (timestamp_ms, seq, frame_id) > (?, ?, ?) ` +
      'ORDER BY timestamp_ms, seq, frame_id LIMIT ?';
    return this.#db.prepare(find).all(sessionId, after.timestamp, after.seq, after.frame_id, limit) as FrameText[];
  }

  /** Unordered: an ORDER BY would make SQLite scan the whole session by time. */
  texts(sessionId: string, ids: readonly string[]): FrameText[] {
    const find = `SELECT ${textColumns} FROM frames WHERE session_id = ? AND frame_id IN (SELECT value FROM json_each(?))`;
    return this.#db.prepare(find).all(sessionId, JSON.stringify(ids)) as FrameText[];
  }

  /** The positions of the next frames, in the order of analysis. */
  indexAfter(sessionId: string, after: FramePosition, limit: number): FramePosition[] {
    const find =
      'SELECT timestamp_ms AS timestamp, seq, frame_id FROM frames WHERE session_id = ? ' +
      'AND (timestamp_ms, seq, frame_id) > (?, ?, ?) ORDER BY timestamp_ms, seq, frame_id LIMIT ?';
    return this.#db.prepare(find).all(sessionId, after.timestamp, after.seq, after.frame_id, limit) as FramePosition[];
  }

  deleteFrames(sessionId: string, ids: readonly string[]): void {
    this.#db
      .prepare('DELETE FROM frames WHERE session_id = ? AND frame_id IN (SELECT value FROM json_each(?))')
      .run(sessionId, JSON.stringify(ids));
  }

  /** Deletes the links up to and including a place. */
  deleteLinks(sessionId: string, toPlace: number): void {
    this.#db.prepare('DELETE FROM links WHERE session_id = ? AND place <= ?').run(sessionId, toPlace);
  }

  linksAfter(sessionId: string, place: number, limit: number): { place: number; link: ChainLink }[] {
    const find = 'SELECT place, json FROM links WHERE session_id = ? AND place > ? ORDER BY place LIMIT ?';
    const rows = this.#db.prepare(find).all(sessionId, place, limit) as { place: number; json: string }[];
    return rows.map((row) => ({ place: row.place, link: JSON.parse(row.json) as ChainLink }));
  }

  /** Deletes at most `limit` rows of a session and returns how many it deleted. */
  deleteRows(table: 'frames' | 'links', sessionId: string, limit: number): number {
    const key = table === 'frames' ? 'frame_id' : 'place';
    const rows = `SELECT ${key} FROM ${table} WHERE session_id = ? LIMIT ?`;
    return this.#db
      .prepare(`DELETE FROM ${table} WHERE session_id = ? AND ${key} IN (${rows})`)
      .run(sessionId, sessionId, limit).changes;
  }

  deleteStream(sessionId: string): number {
    return this.#db.prepare('DELETE FROM streams WHERE session_id = ?').run(sessionId).changes;
  }

  removeExpired(nowMs: number): void {
    this.#db.prepare('DELETE FROM frames WHERE expires_at_ms < ?').run(nowMs);
    // Delete links before the streams that identify them, because a scan of all links would block this process.
    this.#db
      .prepare('DELETE FROM links WHERE session_id IN (SELECT session_id FROM streams WHERE expires_at_ms < ?)')
      .run(nowMs);
    this.#db.prepare('DELETE FROM streams WHERE expires_at_ms < ?').run(nowMs);
  }
}

/** Reads a stream's state. A seal from before its time was recorded counts as sealed at the beginning, so nothing is counted as refused. */
const storedStream = (state: string): Stream => {
  const { sealed, ...stream } = JSON.parse(state) as Stream & { sealed?: boolean };
  return sealed === true && stream.seal === undefined ? sealStream(stream, 0) : stream;
};
