import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isSystemError } from './system-error.mjs';
import { TEMPORARY_SUFFIX } from './weights-file.mjs';

/** Served beside the weights, so that browsers can check what they keep. */
const MANIFEST_FILE = 'manifest.json';

/**
 * Says beside the weights which files they are. A folder that cannot be written to is left as it is: browsers then rely on
 * their ordinary cache.
 *
 * @param {string} dir
 * @param {import('./manifest.mjs').Manifest} manifest
 */
export async function placeManifest(dir, manifest) {
  const text = `${JSON.stringify(manifest)}\n`;
  const path = join(dir, MANIFEST_FILE);
  try {
    if ((await readFile(path, 'utf8')) === text) return;
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
  const temporary = join(dir, `.${MANIFEST_FILE}.${randomUUID()}${TEMPORARY_SUFFIX}`);
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    if (!isSystemError(error, 'EROFS') && !isSystemError(error, 'EACCES')) throw error;
  }
}
