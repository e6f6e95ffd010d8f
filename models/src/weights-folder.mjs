import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fileMissingError } from './install-error.mjs';
import { placeWeightsFile } from './weights-file.mjs';
import { isSystemError } from './system-error.mjs';

/**
 * @param {string} dir
 * @param {string} from
 * @param {readonly import('./manifest.mjs').WeightsFile[]} wanted
 */
export async function installFromFolder(dir, from, wanted) {
  for (const file of wanted) {
    await placeWeightsFile(dir, file, await readFromFolder(from, file));
  }
}

/**
 * A folder of the bare files, or an unpacked tarball.
 * @param {string} from
 * @param {import('./manifest.mjs').WeightsFile} file
 */
async function readFromFolder(from, file) {
  const candidates = [file.file, file.path, file.path.replace(/^package\//, '')];
  for (const candidate of candidates) {
    try {
      return await readFile(join(from, candidate));
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
    }
  }
  throw fileMissingError([file.file]);
}
