import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closedRegistry, useInstaller } from './installer.ts';

const installer = useInstaller();

test('reports offline what is missing and how to install it by hand', async () => {
  const run = await installer.install([], { npm_config_registry: closedRegistry });
  expect(run.exitCode).toBe(1);
  for (const part of ['@fake/weights@1.0.0', 'npm pack', '--from', 'INVIGIL_MODELS_DIR']) {
    expect(run.text).toContain(part);
  }
});

test.each(['weights.tgz', 'package', 'package/models'])('installs offline from %s', async (from) => {
  const run = await installer.install(['--from', join(installer.folder, from)], {
    npm_config_registry: closedRegistry,
  });
  expect(run).toMatchObject({ exitCode: 0 });
  await installer.expectRight('alpha', 'beta');
});

test('keeps a truncated tarball that was copied by hand and names the missing files', async () => {
  await writeFile(
    join(installer.folder, 'weights.tgz'),
    installer.package.tarball.subarray(0, installer.package.tarball.length / 2),
  );
  const run = await installer.install(['--from', join(installer.folder, 'weights.tgz')]);
  expect(run.exitCode).toBe(1);
  expect(run.text).toMatch(/cannot be read|beta\.bin/);
  await installer.expectRight('alpha');
});
