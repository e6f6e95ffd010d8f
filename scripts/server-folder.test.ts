import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test.each([
  ['--help', { status: 0, stdout: expect.stringMatching(/^usage: npm run server-folder/) as string, stderr: '' }],
  ['--elsewhere', { status: 2, stdout: '', stderr: expect.stringMatching(/^usage: npm run server-folder/) as string }],
])('server-folder %s prints the usage', (option, expected) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', '@oxc-node/core/register', 'scripts/server-folder.ts', option],
    { cwd: fileURLToPath(new URL('..', import.meta.url)), encoding: 'utf8', timeout: 60_000 },
  );
  expect({ status, stdout, stderr }).toEqual(expected);
});
