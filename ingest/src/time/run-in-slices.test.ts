import { expect, test } from 'vitest';
import { runAtOnce, runInSlices } from './run-in-slices.ts';

/** Each step takes longer than a slice. */
const slowSteps = function* (): Generator<void, string> {
  for (let step = 0; step < 3; step += 1) {
    const fromMs = performance.now();
    while (performance.now() - fromMs < 5);
    yield;
  }
  return 'done';
};

test('other work of the event loop is done between slow steps', async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  expect(await runInSlices(slowSteps())).toBe('done');
  clearInterval(timer);
  expect(turns).toBeGreaterThanOrEqual(3);
});

test('the same steps can run at once', () => {
  expect(runAtOnce(slowSteps())).toBe('done');
});
