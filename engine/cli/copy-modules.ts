import { cp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetsError } from './assets-error.ts';
import { listedFiles, writeChecksums } from './checksums.ts';
import { filesIn } from './files-in.ts';

/** Beside this program in the package. */
const builtModules = fileURLToPath(new URL('../browser', import.meta.url));

export interface Copied {
  files: number;
  bytes: number;
}

const refuseForeignFolder = async (folder: string): Promise<void> => {
  const names = await readdir(folder).catch(() => [] as string[]);
  if (names.length === 0 || names.includes('checksums.sha256')) return;
  throw new AssetsError(
    `${folder} has files that this program did not write, such as ${names[0]}; give it an empty folder or a new one`,
  );
};

/**
 * Copies the built modules. Files of an earlier version are removed, so that the folder holds one version; the folder must be new,
 * empty or written by this program.
 * @throws AssetsError if the folder holds something else
 */
export const copyModules = async (folder: string, source = builtModules): Promise<Copied> => {
  await refuseForeignFolder(folder);
  for (const path of await listedFiles(folder)) await rm(join(folder, path), { force: true });
  await cp(source, folder, { recursive: true });
  // This marks the folder as written by this program, even if a later step fails.
  await writeChecksums(folder);
  const copied = { files: 0, bytes: 0 };
  for (const path of await filesIn(source)) {
    copied.files += 1;
    copied.bytes += (await stat(join(folder, path))).size;
  }
  return copied;
};
