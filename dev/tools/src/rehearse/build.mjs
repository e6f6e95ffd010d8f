import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RehearsalError } from './rehearsal-error.mjs';

const leftOut = new Set(['node_modules', 'dist', 'test', 'weights']);

const newestMs = (path) => {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const names = readdirSync(path).filter((name) => !leftOut.has(name) && !name.startsWith('.'));
  return Math.max(0, ...names.map((name) => newestMs(join(path, name))));
};

const step = (root, what, program, ...words) => {
  const result = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
  if (result.status === 0) return;
  const said = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').slice(-12).join('\n');
  throw new RehearsalError(`${what} failed:\n${said || result.error?.message}`);
};

/** Builds what the sitting runs on, where its sources are newer; `say` is told of each step that takes time. */
export const buildWhatIsStale = (root, say) => {
  if (!existsSync(join(root, 'models/weights'))) say('Installing the model weights (once)…');
  step(root, 'Installing the model weights', 'npm', 'run', '--silent', 'models');
  const server = join(root, 'ingest/dist/main.js');
  if (!existsSync(server) || newestMs(server) < newestMs(join(root, 'ingest/src'))) say('Compiling…');
  step(root, 'Compiling', 'npx', '--no-install', 'tsc', '-b');
  const site = join(root, 'demo/dist/site/index.html');
  const sources = ['demo', 'engine', 'protocol'].map((name) => newestMs(join(root, name)));
  if (existsSync(site) && statSync(site).mtimeMs > Math.max(...sources)) return;
  say('Building the pages…');
  step(root, 'Building the pages', 'npm', 'run', '--silent', 'build', '-w', 'demo');
};
