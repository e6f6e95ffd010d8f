import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesIn } from './files-in.ts';

/** In the format of `sha256sum`, so that `sha256sum --check` reads it too. */
export const checksumsName = 'checksums.sha256';

/** The file's SHA-256 in hexadecimal. */
export const sha256Of = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** Writes the checksums of all files in the folder. @returns the path of the list */
export const writeChecksums = async (folder: string): Promise<string> => {
  const lines: string[] = [];
  for (const path of await filesIn(folder)) {
    if (path !== checksumsName) lines.push(`${await sha256Of(join(folder, path))}  ${path}`);
  }
  const list = join(folder, checksumsName);
  await writeFile(list, `${lines.join('\n')}\n`);
  return list;
};

/** Files in the list of an earlier copy; none if there was no copy. Paths that lead out of the folder are left out. */
export const listedFiles = async (folder: string): Promise<string[]> => {
  const text = await readFile(join(folder, checksumsName), 'utf8').catch(() => '');
  const paths = text.split('\n').map((line) => line.slice(66));
  return paths.filter((path) => path !== '' && !path.split('/').includes('..') && !path.startsWith('/'));
};
