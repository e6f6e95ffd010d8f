import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError } from '../command/command-line.ts';

const ignored = new Set(['node_modules', 'dist', 'test', 'weights']);
const printedLines = 12;

const newestMs = (path: string): number => {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const names = readdirSync(path).filter((name) => !ignored.has(name) && !name.startsWith('.'));
  return Math.max(0, ...names.map((name) => newestMs(join(path, name))));
};

const runStep = (root: string, title: string, program: string, ...words: string[]): void => {
  const { status, stdout, stderr, error } = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
  if (status === 0) return;
  const output = error?.message ?? `${stdout}${stderr}`.trim().split('\n').slice(-printedLines).join('\n');
  throw new CommandError(`${title} failed:\n${output}`, { cause: error });
};

/** Builds the server and the pages where sources are newer. `onStep` gets a line for each step that takes time. */
export const buildStaleParts = (root: string, onStep: (line: string) => void): void => {
  if (!existsSync(join(root, 'models/weights'))) onStep('Installing the model weights (once)…');
  runStep(root, 'Installing the model weights', 'npm', 'run', '--silent', 'models');
  const server = join(root, 'ingest/dist/main.js');
  if (!existsSync(server) || newestMs(server) < newestMs(join(root, 'ingest/src'))) onStep('Compiling…');
  runStep(root, 'Compiling', 'npx', '--no-install', 'tsc', '-b');
  const site = join(root, 'demo/dist/site/index.html');
  const sources = ['demo', 'engine', 'protocol'].map((name) => newestMs(join(root, name)));
  if (existsSync(site) && statSync(site).mtimeMs > Math.max(...sources)) return;
  onStep('Building the pages…');
  runStep(root, 'Building the pages', 'npm', 'run', '--silent', 'build', '-w', 'demo');
};
