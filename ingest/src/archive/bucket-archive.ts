import { randomUUID } from 'node:crypto';
import { isId } from '@invigil/protocol/frame';
import { IngestError, archiveUnavailable } from '../model/ingest-error.ts';
import { blockFile, blockSuffix, bodyOf, headBytes, infoOf } from './block-file.ts';
import type { BucketClient } from './bucket-client.ts';
import { blockName } from './frame-archive.ts';
import type { BlockInfo, FrameArchive } from './frame-archive.ts';

const delimiter = '/';
/** Sorts directly after the delimiter, so a session's id followed by it sorts after every key of the session. */
const afterDelimiter = '0';
/** Concurrent requests of one call: a long session has hundreds of blocks. */
const requestsAtOnce = 8;

/**
 * Blocks as objects of an S3-compatible bucket, with the names and contents of a `FolderArchive`. The bucket must support conditional writes
 * (`If-None-Match: *`), which make the creation of an object atomic; this is verified before the first block is stored.
 */
export class BucketArchive implements FrameArchive {
  readonly #client: BucketClient;
  readonly #prefix: string;
  #verified: Promise<void> | null = null;

  constructor(client: BucketClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  put(sessionId: string, info: BlockInfo, body: Buffer): Promise<BlockInfo> {
    return available(async () => {
      const key = this.#keyOf(sessionId, info);
      await this.#verify();
      return (await this.#client.create(key, blockFile(info, body))) ? info : await this.#readInfo(key);
    });
  }

  list(sessionId: string): Promise<BlockInfo[]> {
    return available(async () => this.#each(this.#folderOf(sessionId), (key) => this.#readInfo(key)));
  }

  read(sessionId: string, info: BlockInfo): Promise<Buffer> {
    return available(async () => bodyOf(await this.#client.read(this.#keyOf(sessionId, info))));
  }

  clear(sessionId: string, generation?: string): Promise<void> {
    return available(async () => {
      const start = this.#folderOf(sessionId) + (generation === undefined ? '' : `${generation}-`);
      await this.#each(start, (key) => this.#client.remove(key));
    });
  }

  sessions(after: string, limit: number): Promise<string[]> {
    return available(async () => {
      const found: string[] = [];
      const startAfter = after === '' ? {} : { startAfter: this.#prefix + after + afterDelimiter };
      let continuation: string | null = null;
      do {
        const query = { prefix: this.#prefix, delimiter, limit: Math.min(limit, 1000), continuation, ...startAfter };
        const { prefixes, next } = await this.#client.list(query);
        found.push(...prefixes.map((key) => key.slice(this.#prefix.length, -delimiter.length)).filter(isId));
        continuation = next;
      } while (continuation !== null && found.length < limit);
      return found.slice(0, limit);
    });
  }

  check(): Promise<void> {
    return available(async () => {
      const key = `${this.#prefix}.probe-${randomUUID()}`;
      try {
        await this.#client.create(key, Buffer.from('first'));
        const wasReplaced = await this.#client.create(key, Buffer.from('second'));
        if (wasReplaced) throw archiveUnavailable('the bucket does not support conditional writes (If-None-Match)');
        await this.#client.read(key, headBytes);
        const { keys } = await this.#client.list({ prefix: key });
        if (!keys.includes(key)) throw archiveUnavailable('the bucket does not list an object that it has just stored');
      } finally {
        await this.#client.remove(key);
      }
    });
  }

  /**
   * Frames leave the store once their block is in the bucket: one that replaced blocks, or a key that may not read or list them, would be noticed
   * only when a report is made.
   */
  #verify(): Promise<void> {
    this.#verified ??= this.check().catch((error: unknown) => {
      this.#verified = null;
      throw error;
    });
    return this.#verified;
  }

  async #readInfo(key: string): Promise<BlockInfo> {
    const info = infoOf(await this.#client.read(key, headBytes)) ?? infoOf(await this.#client.read(key));
    if (info === null) throw archiveUnavailable('a block has no description');
    return info;
  }

  /** The results of some work on every block whose key begins with a text. */
  async #each<Result>(prefix: string, work: (key: string) => Promise<Result>): Promise<Result[]> {
    const results: Result[] = [];
    let continuation: string | null = null;
    do {
      const { keys, next } = await this.#client.list({ prefix, delimiter, continuation });
      const blocks = keys.filter((key) => key.endsWith(blockSuffix));
      for (let at = 0; at < blocks.length; at += requestsAtOnce) {
        results.push(...(await Promise.all(blocks.slice(at, at + requestsAtOnce).map(work))));
      }
      continuation = next;
    } while (continuation !== null);
    return results;
  }

  #folderOf(sessionId: string): string {
    if (!isId(sessionId)) throw new Error('not a session id');
    return this.#prefix + sessionId + delimiter;
  }

  #keyOf(sessionId: string, info: BlockInfo): string {
    return this.#folderOf(sessionId) + blockName(info) + blockSuffix;
  }
}

const available = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IngestError) throw error;
    throw archiveUnavailable(error);
  }
};
