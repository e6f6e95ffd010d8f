import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compiledKernel, kernelModule } from './compiled-kernel.ts';

test('the committed kernel comes from its source', { timeout: 60_000 }, async () => {
  expect(await compiledKernel()).toBe(await readFile(kernelModule, 'utf8'));
});
