import { randomUUID } from 'node:crypto';
import { link, mkdir, mkdtemp, open, readFile, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '@invigil/protocol/frame';
import { archiveUnavailable } from '../model/ingest-error.ts';
import { blockFile, blockSuffix, bodyOf, headBytes, infoOf } from './block-file.ts';
import { blockName } from './frame-archive.ts';
import type { BlockInfo, FrameArchive } from './frame-archive.ts';

const folderMode = 0o700;
const fileMode = 0o600;

/**
 * Blocks as files in a folder that all replicas share: `{session_id}/{generation}-{links}-{unnumbered}.block`. The folder must
 * support hard links, which make the creation of a file atomic.
 */
export class FolderArchive implements FrameArchive {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  put(sessionId: string, info: BlockInfo, body: Buffer): Promise<BlockInfo> {
    return available(async () => {
      const folder = this.#folderOf(sessionId);
      const file = join(folder, blockName(info) + blockSuffix);
      const partial = join(folder, `.${randomUUID()}`);
      await mkdir(folder, { recursive: true, mode: folderMode });
      try {
        await writeDurably(partial, blockFile(info, body));
        // Unlike `rename`, this fails if another replica was faster.
        const isFirst = await link(partial, file).then(() => true, falseIfExists);
        await syncFolder(folder);
        return isFirst ? info : await readInfo(file);
      } finally {
        await rm(partial, { force: true });
      }
    });
  }

  list(sessionId: string): Promise<BlockInfo[]> {
    return available(async () => {
      const folder = this.#folderOf(sessionId);
      const names = (await readdir(folder).catch(noneIfAbsent)).filter((name) => name.endsWith(blockSuffix));
      const blocks: BlockInfo[] = [];
      for (const name of names) blocks.push(await readInfo(join(folder, name)));
      return blocks;
    });
  }

  read(sessionId: string, info: BlockInfo): Promise<Buffer> {
    return available(async () =>
      bodyOf(await readFile(join(this.#folderOf(sessionId), blockName(info) + blockSuffix))),
    );
  }

  clear(sessionId: string, generation?: string): Promise<void> {
    return available(async () => {
      const folder = this.#folderOf(sessionId);
      if (generation === undefined) return await rm(folder, { recursive: true, force: true });
      for (const name of await readdir(folder).catch(noneIfAbsent)) {
        if (name.startsWith(`${generation}-`)) await rm(join(folder, name), { force: true });
      }
    });
  }

  sessions(after: string, limit: number): Promise<string[]> {
    return available(async () => {
      const names = (await readdir(this.#folder).catch(noneIfAbsent)).filter((name) => isId(name) && name > after);
      const found: string[] = [];
      for (const name of names.toSorted()) {
        if (found.length >= limit) break;
        if (await isSessionFolder(join(this.#folder, name))) found.push(name);
      }
      return found;
    });
  }

  check(): Promise<void> {
    return available(async () => {
      await mkdir(this.#folder, { recursive: true, mode: folderMode });
      await rmdir(await mkdtemp(join(this.#folder, '.writable-')));
    });
  }

  #folderOf(sessionId: string): string {
    if (!isId(sessionId)) throw new Error('not a session id');
    return join(this.#folder, sessionId);
  }
}

/** Whether it has blocks, or nothing but what an interrupted `put` leaves. Other folders are not ours, so a sweep must not remove them. */
const isSessionFolder = async (folder: string): Promise<boolean> => {
  const names = await readdir(folder).catch(nullIfNoFolder);
  return names !== null && (names.some((name) => name.endsWith(blockSuffix)) || names.every(isPartial));
};

const isPartial = (name: string): boolean => /^\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name);

const available = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw archiveUnavailable(error);
  }
};

const writeDurably = async (file: string, content: Buffer): Promise<void> => {
  const handle = await open(file, 'wx', fileMode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** A new file's name is on disk once its folder is. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

const readInfo = async (file: string): Promise<BlockInfo> => {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return infoOf(buffer.subarray(0, bytesRead)) ?? infoOf(await readFile(file)) ?? damaged();
  } finally {
    await handle.close();
  }
};

const damaged = (): never => {
  throw new Error('a block has no description');
};

const falseIfExists = (error: NodeJS.ErrnoException): false => {
  if (error.code === 'EEXIST') return false;
  throw error;
};

const noneIfAbsent = (error: NodeJS.ErrnoException): string[] => {
  if (error.code === 'ENOENT') return [];
  throw error;
};

/** A file, or a folder that was removed meanwhile. */
const nullIfNoFolder = (error: NodeJS.ErrnoException): null => {
  if (error.code === 'ENOTDIR' || error.code === 'ENOENT') return null;
  throw error;
};
