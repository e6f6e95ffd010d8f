import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fileMissingError } from './install-error.mjs';
import { placeWeightsFile } from './weights-file.mjs';
import { isSystemError } from './system-error.mjs';

/**
 * Takes weights from a folder of the installed files, or of an unpacked package.
 *
 * @param {string} dir
 * @param {string} from
 * @param {readonly import('./manifest.mjs').WeightsFile[]} wanted
 * @param {import('./placement.mjs').Placement} placement for what is not there under its installed name
 */
export async function installFromFolder(dir, from, wanted, placement) {
  const installed = await Promise.all(wanted.map((file) => readIfThere(join(from, file.file))));
  if (installed.every((content) => content !== null)) {
    for (const [index, file] of wanted.entries()) await placeWeightsFile(dir, file, installed[index] ?? Buffer.of());
    return;
  }
  for (const path of placement.missing) {
    const content =
      (await readIfThere(join(from, path))) ?? (await readIfThere(join(from, path.replace(/^package\//, ''))));
    if (content === null) throw fileMissingError([path]);
    await placement.arrived(path, content);
  }
}

/** @param {string} path */
async function readIfThere(path) {
  try {
    return await readFile(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
}
