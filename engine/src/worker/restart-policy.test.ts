import { expect, test } from 'vitest';
import { restartDelayMs } from './restart-policy.ts';

test('restart delays grow, up to half a minute, and end', () => {
  const delays = Array.from({ length: 8 }, (_, i) => restartDelayMs(i + 1));
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(restartDelayMs(9)).toBeNull();
});
