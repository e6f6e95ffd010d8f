import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { useInstaller } from './installer.ts';

const installer = useInstaller();

test('continues where a killed installer stopped', async () => {
  const halfBytes = Math.floor(installer.package.tarball.length / 2);
  installer.registry.answerWith({ stopAtBytes: halfBytes });
  const killed = installer.start();
  await vi.waitFor(async () => expect(await installer.partialBytes()).toBe(halfBytes), 10_000);
  await vi.waitFor(() => installer.expectRight('alpha'), 10_000);
  killed.child.kill('SIGKILL');
  await killed.ended;
  const alpha = await stat(join(installer.dir, 'alpha.bin'));
  expect(await installer.fileNames()).toEqual(['.cache', '.lock', 'alpha.bin']);

  installer.registry.answerWith({});
  const run = await installer.install();
  expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining('1 files installed, 1 there already') });
  expect(installer.registry.tarballOffsets).toEqual([0, halfBytes]);
  expect((await stat(join(installer.dir, 'alpha.bin'))).mtimeMs).toBe(alpha.mtimeMs);
  await installer.expectRight('alpha', 'beta');
  expect(await installer.fileNames()).toEqual(['alpha.bin', 'beta.bin', 'manifest.json']);
});

test.each([true, false])('survives a connection that breaks (server honours ranges: %s)', async (ranges) => {
  const halfBytes = Math.floor(installer.package.tarball.length / 2);
  installer.registry.answerWith({ ranges, stopAtBytes: halfBytes, thenCut: true });
  const run = installer.start();
  await vi.waitFor(async () => expect(await installer.partialBytes()).toBe(halfBytes), 10_000);
  installer.registry.answerWith({ ranges });
  const [exitCode] = await run.ended;
  expect({ exitCode, text: run.text }).toMatchObject({ exitCode: 0 });
  expect(installer.registry.tarballOffsets).toContain(halfBytes);
  await installer.expectRight('alpha', 'beta');
});

test('starts again if the partial download of an earlier run is damaged', async () => {
  installer.registry.answerWith({ stopAtBytes: 1_000, thenCut: true });
  expect((await installer.install()).exitCode).toBe(1);
  const [partial] = await readdir(join(installer.dir, '.cache'));
  await writeFile(join(installer.dir, '.cache', partial ?? ''), Buffer.alloc(1_000));

  installer.registry.answerWith({});
  const run = await installer.install();
  expect(run).toMatchObject({ exitCode: 0, text: expect.stringContaining('is damaged') });
  await installer.expectRight('alpha', 'beta');
});
