import { FrameBlockRecords } from '../records/frame-block-records.ts';
import type { BlockKey } from '../records/frame-block-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import type { BlockInfo, FrameArchive } from './frame-archive.ts';

const keyOf = ({ generation, from }: BlockInfo): BlockKey => ({
  generation,
  fromLinks: from.links,
  fromUnnumbered: from.unnumbered,
});

/** Blocks beside the records, in Postgres or SQLite. */
export class RecordsArchive implements FrameArchive {
  readonly #database: RecordsDatabase;
  readonly #records: FrameBlockRecords;

  constructor(database: RecordsDatabase) {
    this.#database = database;
    this.#records = new FrameBlockRecords(database);
  }

  async put(sessionId: string, info: BlockInfo, body: Buffer): Promise<BlockInfo> {
    return JSON.parse(await this.#records.put(sessionId, keyOf(info), JSON.stringify(info), body)) as BlockInfo;
  }

  async list(sessionId: string): Promise<BlockInfo[]> {
    return (await this.#records.list(sessionId)).map((info) => JSON.parse(info) as BlockInfo);
  }

  async read(sessionId: string, info: BlockInfo): Promise<Buffer> {
    return this.#records.read(sessionId, keyOf(info));
  }

  clear(sessionId: string, generation?: string): Promise<void> {
    return this.#records.clear(sessionId, generation);
  }

  sessions(after: string, limit: number): Promise<string[]> {
    return this.#records.sessions(after, limit);
  }

  check(): Promise<void> {
    return this.#database.check();
  }
}
