import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { mismatchError } from './install-error.mjs';
import { isSystemError } from './system-error.mjs';

/** @typedef {import('./manifest.mjs').WeightsFile} WeightsFile */
/**
 * @typedef {{ state: 'right' }
 *   | { state: 'absent' }
 *   | { state: 'wrong', expected: string, found: string }} WeightsFileState
 */

export const TEMPORARY_SUFFIX = '.part';

/**
 * @param {WeightsFile} file
 * @param {Buffer} content
 * @returns {WeightsFileState}
 */
export function compareContent(file, content) {
  if (content.length !== file.bytes) {
    return { state: 'wrong', expected: `${file.bytes} bytes`, found: `${content.length} bytes` };
  }
  const sha256 = createHash('sha256').update(content).digest('hex');
  return sha256 === file.sha256
    ? { state: 'right' }
    : { state: 'wrong', expected: `sha256 ${file.sha256}`, found: `sha256 ${sha256}` };
}

/**
 * @param {string} dir
 * @param {WeightsFile} file
 * @returns {Promise<WeightsFileState>}
 */
export async function inspectWeightsFile(dir, file) {
  try {
    return compareContent(file, await readFile(join(dir, file.file)));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return { state: 'absent' };
    throw error;
  }
}

/**
 * Puts checked content in place in one step, so that a reader meets the whole file or none.
 * @param {string} dir
 * @param {WeightsFile} file
 * @param {Buffer} content
 */
export async function placeWeightsFile(dir, file, content) {
  const compared = compareContent(file, content);
  if (compared.state === 'wrong') {
    await rm(join(dir, file.file), { force: true });
    throw mismatchError(file.file, compared.expected, compared.found);
  }
  const temporary = join(dir, `.${file.file}.${randomUUID()}${TEMPORARY_SUFFIX}`);
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(dir, file.file));
}
