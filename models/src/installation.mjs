import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { unknownModelError } from './install-error.mjs';
import { acquireInstallLock } from './install-lock.mjs';
import { silentProgress } from './progress.mjs';
import { Placement } from './placement.mjs';
import { placeManifest } from './weights-manifest.mjs';
import { extractWeights } from './weights-archive.mjs';
import { installFromFolder } from './weights-folder.mjs';
import { installFromRegistry } from './weights-registry.mjs';
import { TEMPORARY_SUFFIX, inspectWeightsFile } from './weights-file.mjs';

/** @typedef {import('./manifest.mjs').Manifest} Manifest */
/** @typedef {import('./manifest.mjs').Model} Model */
/** @typedef {import('./manifest.mjs').WeightsFile} WeightsFile */
/** @typedef {import('./manifest.mjs').WeightsSource} WeightsSource */

/**
 * @typedef {object} InstallOptions
 * @property {Manifest} manifest
 * @property {string} dir folder that holds the weights afterwards
 * @property {string | null} [from] to take the files from instead of the registry: a tarball, or a folder that holds the
 *   tarballs, the installed files, or one unpacked package
 * @property {readonly string[]} [skip] models that are configured elsewhere
 * @property {import('./progress.mjs').Progress} [progress]
 */

/**
 * Makes `dir` hold every file of the manifest, each of the stated size and sha256, and the manifest itself.
 *
 * @param {InstallOptions} options
 * @returns {Promise<{ installed: string[], kept: string[] }>} file names
 */
export async function installWeights(options) {
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
    // Looked at again, because the installer that was waited for may have done everything.
    const needed = await findNeeded(dir, files, progress);
    await removeTemporaryFiles(dir);
    for (const [key, source] of Object.entries(manifest.sources)) {
      const ofSource = models.filter(
        (model) => model.source === key && model.files.some((file) => needed.includes(file)),
      );
      if (ofSource.length > 0) await installFromSource(options, source, ofSource, needed);
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
}

const cacheFolder = (/** @type {string} */ dir) => join(dir, '.cache');

/**
 * @param {string} dir
 * @param {readonly WeightsFile[]} files
 * @param {import('./progress.mjs').Progress} [progress] given: files that are wrong are named and deleted
 */
async function findNeeded(dir, files, progress) {
  /** @type {WeightsFile[]} */
  const needed = [];
  for (const file of files) {
    const found = await inspectWeightsFile(dir, file);
    if (found.state !== 'right') needed.push(file);
    if (found.state !== 'wrong' || progress === undefined) continue;
    await rm(join(dir, file.file), { force: true });
    progress.say(`${file.file}: expected ${found.expected}, found ${found.found}; deleted, and fetched again.`);
  }
  return needed;
}

/** What a killed installer left behind. @param {string} dir */
async function removeTemporaryFiles(dir) {
  for (const name of await readdir(dir)) {
    if (name.startsWith('.') && name.endsWith(TEMPORARY_SUFFIX)) {
      await rm(join(dir, name), { force: true });
    }
  }
}

/**
 * @param {InstallOptions} options
 * @param {WeightsSource} source
 * @param {readonly Model[]} models
 * @param {readonly WeightsFile[]} needed
 */
async function installFromSource({ dir, from = null, progress = silentProgress }, source, models, needed) {
  const placement = new Placement(dir, models, new Set(needed.map(({ file }) => file)));
  if (from === null) {
    await installFromRegistry({ cacheDir: cacheFolder(dir), source, placement, progress });
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
}

/** The file name that `npm pack` gives to a package. @param {string} spec */
function packedName(spec) {
  return `${spec
    .replace(/^@/, '')
    .replace('/', '-')
    .replace(/@(?=[^@]*$)/, '-')}.tgz`;
}
