import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const usage = 'usage: npm run server-folder -- FOLDER   (an empty folder, or one that does not exist yet)\n';

let filled: string;
beforeAll(() => {
  filled = mkdtempSync(join(tmpdir(), 'invigil-server-folder-'));
  writeFileSync(join(filled, 'package.json'), '{}');
});
afterAll(() => rmSync(filled, { recursive: true }));

const serverFolder = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', '@oxc-node/core/register', 'scripts/server-folder.ts', ...words],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8', timeout: 60_000 },
  );
  return { status, stdout, stderr };
};

test('server-folder --help prints the usage', () => {
  expect(serverFolder('--help')).toEqual({ status: 0, stdout: usage, stderr: '' });
});

test.each<[string, () => string[], () => string]>([
  ['no folder', () => [], () => 'FOLDER is missing'],
  ['an unknown option', () => ['--elsewhere'], () => 'unknown option --elsewhere'],
  ['a second folder', () => ['/tmp/a', '/tmp/b'], () => 'unexpected argument /tmp/b'],
  ['a file', () => [join(filled, 'package.json')], () => `${join(filled, 'package.json')} is not a folder`],
  [
    'a folder with files',
    () => [filled],
    () => `${filled} is not empty: use a new folder for each version (docs/operations/upgrades.md)`,
  ],
])('server-folder refuses %s, and says why', (_what, words, problem) => {
  expect(serverFolder(...words())).toEqual({
    status: 2,
    stdout: '',
    stderr: `server-folder: ${problem()}\n${usage}`,
  });
});
