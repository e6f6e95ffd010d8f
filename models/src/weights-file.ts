import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { mismatchError } from './install-error.ts';
import { isSystemError } from './system-error.ts';
import type { WeightsFile } from './manifest.ts';

export type WeightsFileState =
  | { state: 'right' }
  | { state: 'absent' }
  | { state: 'wrong'; expected: string; found: string };

export const temporarySuffix = '.part';

export const compareContent = (file: Pick<WeightsFile, 'bytes' | 'sha256'>, content: Buffer): WeightsFileState => {
  if (content.length !== file.bytes) {
    return { state: 'wrong', expected: `${file.bytes} bytes`, found: `${content.length} bytes` };
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  return sha256 === file.sha256
    ? { state: 'right' }
    : { state: 'wrong', expected: `sha256 ${file.sha256}`, found: `sha256 ${sha256}` };
};

export const inspectWeightsFile = async (dir: string, file: WeightsFile): Promise<WeightsFileState> => {
  try {
    return compareContent(file, await readFile(join(dir, file.file)));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return { state: 'absent' };
    throw error;
  }
};

/** Puts verified content in place atomically, so that a reader finds the whole file or none. */
export const placeWeightsFile = async (dir: string, file: WeightsFile, content: Buffer) => {
  const compared = compareContent(file, content);
  if (compared.state === 'wrong') {
    await rm(join(dir, file.file), { force: true });
    throw mismatchError(file.file, compared.expected, compared.found);
  }
  const temporary = join(dir, `.${file.file}.${randomUUID()}${temporarySuffix}`);
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(dir, file.file));
};
