import { runScript } from '@invigil/testkit/run-script';
import { expect, test } from 'vitest';

const usageOf = (name: string): string => `npm run ${name} -- `;

/** `--help` fails if the usage leaves out an option. */
test.each([
  'analyze',
  'verify',
  'rehearse',
  'screenshots',
  'calibrate',
  'evaluate',
  'compose',
  'sizing',
  'faults',
  'storm',
  'hostile',
  'fuzz',
  'bench:analyze',
  'bench:archive',
  'bench:ingest',
  'bench:engine',
])('%s prints a usage with all of its options', async (name) => {
  const stdout = expect.stringMatching(new RegExp(`^${usageOf(name)}`));
  expect(await runScript(name, '--help')).toEqual({ code: 0, stdout, stderr: '' });
});

test('a mistake in the command line is named before the usage', async () => {
  const mistake = await runScript('compose', '--nonsense');
  expect(mistake).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`\n\n${usageOf('compose')}`) });
  expect(mistake.stderr).toMatch(/^Unknown option '--nonsense'\n/);
  expect(mistake.stderr).not.toContain('    at ');
});
