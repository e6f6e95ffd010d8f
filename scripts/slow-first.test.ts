import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { filesFirst } from './slow-first.ts';

test('the files that start first exist', () => {
  const isMissing = (path: string): boolean => !existsSync(fileURLToPath(new URL(`../${path}`, import.meta.url)));
  expect(filesFirst.filter(isMissing)).toEqual([]);
});
