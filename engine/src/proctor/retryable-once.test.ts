import { expect, test } from 'vitest';
import { RetryableOnce } from './retryable-once.ts';

test('callers share one attempt, also after it has succeeded', async () => {
  let runs = 0;
  const once = new RetryableOnce(async () => ++runs);
  expect(await Promise.all([once.run(), once.run()])).toEqual([1, 1]);
  expect(await once.run()).toBe(1);
});

test('a failed attempt is made again, and so is one that was reset', async () => {
  let runs = 0;
  const once = new RetryableOnce(async () => {
    runs += 1;
    if (runs === 1) throw new Error('no network');
    return runs;
  });
  await expect(Promise.all([once.run(), once.run()])).rejects.toThrow('no network');
  expect(await once.run()).toBe(2);
  once.reset();
  expect(await once.run()).toBe(3);
});
