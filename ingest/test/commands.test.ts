import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Ran {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

const run = (script: string, word: string): Promise<Ran> =>
  new Promise((resolve) => {
    const file = fileURLToPath(new URL(`../../scripts/${script}`, import.meta.url));
    execFile(process.execPath, [file, word], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? null), stdout, stderr }),
    );
  });

test.each([
  ['faults.mjs', 'npm run faults -- '],
  ['bench-analyze.mjs', 'npm run bench:analyze -- '],
  ['compose-phones.mjs', 'npm run compose -- '],
])('%s says how it is used, when asked and when it was not understood', async (script, usage) => {
  const [asked, wrong] = await Promise.all([run(script, '--help'), run(script, '--nonsense')]);
  expect(asked).toEqual({ code: 0, stdout: expect.stringMatching(new RegExp(`^${usage}`)), stderr: '' });
  expect(wrong).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`\n\n${usage}`) });
  expect(wrong.stderr).toMatch(/^Unknown option '--nonsense'/);
  expect(wrong.stderr).not.toContain('    at ');
});
