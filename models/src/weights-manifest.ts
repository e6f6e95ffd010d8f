import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isSystemError } from './system-error.ts';
import { temporarySuffix } from './weights-file.ts';
import type { Manifest } from './manifest.ts';

/** Served beside the weights, so that browsers can verify cached files. */
const manifestFile = 'manifest.json';

/**
 * Writes the manifest beside the weights. A read-only folder is left unchanged: browsers then rely on their regular
 * cache.
 */
export const placeManifest = async (dir: string, manifest: Manifest) => {
  const text = `${JSON.stringify(manifest)}\n`;
  const path = join(dir, manifestFile);
  try {
    if ((await readFile(path, 'utf8')) === text) return;
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
  const temporary = join(dir, `.${manifestFile}.${randomUUID()}${temporarySuffix}`);
  try {
    await writeFile(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    if (!isSystemError(error, 'EROFS') && !isSystemError(error, 'EACCES')) throw error;
  }
};
