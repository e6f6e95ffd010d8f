import type { RecordsDatabase } from './records-database.ts';

/** Where a block begins, which identifies it in its session. */
export interface BlockKey {
  generation: string;
  fromLinks: number;
  fromUnnumbered: number;
}

/** Compressed blocks of frames. */
export class FrameBlockRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Stores the block unless there is one with its key. @returns the stored block's info */
  put(sessionId: string, key: BlockKey, info: string, body: Buffer): Promise<string> {
    const { generation, fromLinks: from_links, fromUnnumbered: from_unnumbered } = key;
    return this.#database.run(async (db) => {
      const values = { session_id: sessionId, generation, from_links, from_unnumbered, info, body };
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('frame_blocks')
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (numInsertedOrUpdatedRows === 1n) return info;
      const query = db.selectFrom('frame_blocks').select('info').where('session_id', '=', sessionId);
      const stored = await query
        .where('generation', '=', generation)
        .where('from_links', '=', from_links)
        .where('from_unnumbered', '=', from_unnumbered)
        .executeTakeFirstOrThrow();
      return stored.info;
    });
  }

  list(sessionId: string): Promise<string[]> {
    return this.#database.run(async (db) => {
      const rows = await db.selectFrom('frame_blocks').select('info').where('session_id', '=', sessionId).execute();
      return rows.map(({ info }) => info);
    });
  }

  read(sessionId: string, { generation, fromLinks, fromUnnumbered }: BlockKey): Promise<Buffer> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('frame_blocks').select('body').where('session_id', '=', sessionId);
      const { body } = await query
        .where('generation', '=', generation)
        .where('from_links', '=', fromLinks)
        .where('from_unnumbered', '=', fromUnnumbered)
        .executeTakeFirstOrThrow();
      // The driver of SQLite returns an ArrayBuffer.
      return Buffer.isBuffer(body) ? body : Buffer.from(body as ArrayBuffer);
    });
  }

  /** @param generation undefined: all */
  async clear(sessionId: string, generation?: string): Promise<void> {
    await this.#database.run((db) => {
      const query = db.deleteFrom('frame_blocks').where('session_id', '=', sessionId);
      return (generation === undefined ? query : query.where('generation', '=', generation)).execute();
    });
  }

  /** Ids of sessions with blocks, ascending. */
  sessions(after: string, limit: number): Promise<string[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('frame_blocks').select('session_id').distinct().where('session_id', '>', after);
      return (await query.orderBy('session_id').limit(limit).execute()).map(({ session_id }) => session_id);
    });
  }
}
