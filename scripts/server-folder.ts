/**
 * Copies what a server needs into one folder: built server, pages, model weights and the locked dependencies of `ingest`. The engine's
 * packages, tests and tools stay out. Run after `npm run models && npm run build`.
 *
 * @example
 * npm run server-folder -- /opt/invigil-1 && node /opt/invigil-1/ingest/dist/main.js
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

type Manifest = Record<string, unknown>;

const repository = fileURLToPath(new URL('..', import.meta.url));
const copied = ['package-lock.json', 'LICENSE', 'protocol/dist', 'ingest/dist', 'demo/dist/site', 'models/weights'];
const workspaces = ['protocol', 'ingest'];

const buildServerFolder = (folder: string): void => {
  for (const path of copied) {
    cpSync(join(repository, path), join(folder, path), {
      recursive: true,
      filter: (source) => !/\.(map|tsbuildinfo)$/.test(source) && !/\.test\.(js|d\.ts)$/.test(source),
    });
  }
  writeManifest(folder, '.', { workspaces });
  for (const workspace of workspaces) writeManifest(folder, workspace, {});
  const npm = (...args: string[]): void => {
    execFileSync('npm', [...args, '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  };
  // The lock file pins the versions of the remaining packages.
  npm('install', '--omit=dev', '--omit=peer', '--ignore-scripts');
};

/** Without the optional dependency: it renders the API description in a browser, and the server runs without it. */
const writeManifest = (folder: string, workspace: string, changes: Manifest): void => {
  const path = join(workspace, 'package.json');
  const manifest = JSON.parse(readFileSync(join(repository, path), 'utf8')) as Manifest;
  for (const section of ['devDependencies', 'optionalDependencies', 'scripts', 'workspaces']) delete manifest[section];
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), `${JSON.stringify({ ...manifest, ...changes }, null, 2)}\n`);
};

/** Why the arguments cannot be used, or null. */
const problemOf = ([folder, ...others]: readonly string[]): string | null => {
  if (folder === undefined) return 'FOLDER is missing';
  if (folder.startsWith('-')) return `unknown option ${folder}`;
  if (others.length > 0) return `unexpected argument ${others.join(' ')}`;
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) return `${folder} is not a folder`;
    if (readdirSync(folder).length > 0) {
      return `${folder} is not empty: use a new folder for each version (docs/operations/upgrades.md)`;
    }
  }
  const unbuilt = copied.find((path) => !existsSync(join(repository, path)));
  return unbuilt === undefined ? null : `${unbuilt} does not exist: run npm run models && npm run build first`;
};

const usage = 'usage: npm run server-folder -- FOLDER   (an empty folder, or one that does not exist yet)';

const args = process.argv.slice(2);
const problem = problemOf(args);
const [target = ''] = args;
if (target === '--help') console.log(usage);
else if (problem !== null) {
  console.error(`server-folder: ${problem}\n${usage}`);
  process.exitCode = 2;
} else buildServerFolder(resolve(target));
