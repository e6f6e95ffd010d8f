import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Tests may run as root, which would install the packages. */
const withoutRoot = 'data:text/javascript,process.getuid = () => 1000;';

/** The only programs that the set-up finds. */
let programs: string;

beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), 'invigil-programs-'));
  await symlink(process.execPath, join(programs, 'node'));
  await symlink('/bin/sh', join(programs, 'sh'));
});
afterAll(() => rm(programs, { recursive: true, force: true }));

test('without root, set-up names the missing packages with the command that installs them, and fails', () => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ['--import', withoutRoot, '--import', '@oxc-node/core/register', 'scripts/test-setup.ts'],
    { cwd: root, env: { PATH: programs }, encoding: 'utf8', timeout: 60_000 },
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^These packages are needed by the tests and are not installed: .*redis-server.*ffmpeg/m);
  expect(stderr).toMatch(/^Install them with: {2}sudo apt-get install -y .*redis-server.*ffmpeg/m);
});
