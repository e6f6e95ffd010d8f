import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { useInstaller } from './installer.ts';

const installer = useInstaller();

test('lets a second installer wait for the first, and downloads once', async () => {
  installer.registry.answerWith({ stopAtBytes: 1_000 });
  const first = installer.start();
  await vi.waitFor(async () => expect(await installer.partialBytes()).toBe(1_000), 10_000);
  const second = installer.start();
  await vi.waitFor(() => expect(second.text).toContain('Another installer'), 10_000);
  installer.registry.answerWith({});
  installer.registry.release();
  expect(await Promise.all([first.ended, second.ended])).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(installer.registry.tarballOffsets).toEqual([0]);
  await installer.expectRight('alpha', 'beta');
  expect(await installer.fileNames()).toEqual(['alpha.bin', 'beta.bin', 'manifest.json']);
});

test('two installers at the same time are harmless', async () => {
  installer.registry.answerWith({ stopAtBytes: 300_000 });
  const first = installer.start();
  await vi.waitFor(async () => expect(await installer.partialBytes()).toBe(300_000), 10_000);
  await rm(join(installer.dir, '.lock'));
  const second = installer.start();
  await vi.waitFor(() => expect(installer.registry.tarballOffsets).toEqual([0, 300_000]), 10_000);
  installer.registry.release();
  expect(await Promise.all([first.ended, second.ended])).toEqual([
    [0, null],
    [0, null],
  ]);
  await installer.expectRight('alpha', 'beta');
});
