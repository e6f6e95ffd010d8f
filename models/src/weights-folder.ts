import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { fileMissingError } from './install-error.ts';
import { placeWeightsFile } from './weights-file.ts';
import { isSystemError } from './system-error.ts';
import type { WeightsFile } from './manifest.ts';
import type { Placement } from './placement.ts';

/**
 * Takes weights from a folder of the installed files, or of an unpacked package.
 *
 * @param placement for files that are not there under their installed name
 */
export const installFromFolder = async (
  dir: string,
  from: string,
  wanted: readonly WeightsFile[],
  placement: Placement,
) => {
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
};

const readIfThere = async (path: string) => {
  try {
    return await readFile(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  }
};
