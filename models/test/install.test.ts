import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closedRegistry, useInstaller } from './installer.ts';

const installer = useInstaller();

test('takes the wanted files out of the tarball and leaves nothing else behind', async () => {
  const run = await installer.install();
  expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining('100%') });
  await installer.expectRight('alpha', 'beta');
  expect(await installer.fileNames()).toEqual(['alpha.bin', 'beta.bin', 'manifest.json']);
});

test('touches neither the network nor the files if all are installed', async () => {
  await installer.install();
  const before = await stat(join(installer.dir, 'beta.bin'));
  await rm(join(installer.dir, 'manifest.json'));
  const run = await installer.install([], { npm_config_registry: closedRegistry });
  expect(JSON.parse(await readFile(join(installer.dir, 'manifest.json'), 'utf8'))).toEqual(installer.package.manifest);
  expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining('2 there already') });
  expect((await stat(join(installer.dir, 'beta.bin'))).mtimeMs).toBe(before.mtimeMs);
  expect(installer.registry.tarballOffsets).toEqual([0]);
});

test('replaces a damaged installed file, and reports it', async () => {
  await installer.install();
  await writeFile(join(installer.dir, 'alpha.bin'), 'short');
  const run = await installer.install();
  expect(run.text).toContain('alpha.bin: expected 200000 bytes, found 5 bytes; deleted');
  expect(run.exitCode).toBe(0);
  await installer.expectRight('alpha', 'beta');
});

test('deletes a file that is not the expected one, and reports its name, the expected and the found hash', async () => {
  const beta = installer.package.manifest.models
    .flatMap((model) => model.files)
    .find((file) => file.file === 'beta.bin');
  const found = beta?.sha256;
  const expected = '0'.repeat(64);
  Object.assign(beta ?? {}, { sha256: expected });
  await installer.writeManifest();
  const run = await installer.install();
  expect(run.exitCode).toBe(1);
  expect(run.text).toContain(`beta.bin: expected sha256 ${expected}, found sha256 ${found}`);
  expect(await readdir(installer.dir)).not.toContain('beta.bin');
  await installer.expectRight('alpha');
});

test('refuses another package under the same name before downloading it', async () => {
  installer.package.manifest.sources = { fake: { ...installer.package.source, integrity: 'sha512-another' } };
  await installer.writeManifest();
  const run = await installer.install();
  expect(run.exitCode).toBe(1);
  expect(run.text).toContain('expected integrity sha512-another');
  expect(installer.registry.tarballOffsets).toEqual([]);
});

test('does not fetch a model that is configured elsewhere', async () => {
  const run = await installer.install(['--skip', 'beta', '--quiet']);
  expect(run).toEqual({ exitCode: 0, text: '' });
  expect(await installer.fileNames()).toEqual(['alpha.bin', 'manifest.json']);
});

test("asks the scope's registry that an .npmrc names", async () => {
  await writeFile(join(installer.folder, '.npmrc'), `@fake:registry=${installer.registry.url}\n`);
  const run = await installer.install([], { npm_config_registry: closedRegistry });
  expect(run).toMatchObject({ exitCode: 0 });
  await installer.expectRight('alpha', 'beta');
});
