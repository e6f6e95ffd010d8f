import { runScript } from '@invigil/testkit/run-script';
import { expect, test } from 'vitest';

test.each(['faults', 'bench:analyze', 'bench:archive', 'compose', 'fuzz', 'rehearse', 'evaluate', 'bench:engine'])(
  '%s prints its usage on request and after a mistake in the command line',
  async (name) => {
    const usage = `npm run ${name} -- `;
    const [help, mistake] = await Promise.all([runScript(name, '--help'), runScript(name, '--nonsense')]);
    expect(help).toEqual({ code: 0, stdout: expect.stringMatching(new RegExp(`^${usage}`)), stderr: '' });
    expect(mistake).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`\n\n${usage}`) });
    expect(mistake.stderr).toMatch(/^Unknown option '--nonsense'\n/);
    expect(mistake.stderr).not.toContain('    at ');
  },
);
