import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compiledKernel, kernelSources } from './compiled-kernel.ts';

test.each(kernelSources)('the committed kernel comes from $source', { timeout: 60_000 }, async (kernel) => {
  expect(await compiledKernel(kernel)).toBe(await readFile(kernel.module, 'utf8'));
});
