import { afterEach, expect, test, vi } from 'vitest';
import { CoalescedWork } from './coalesced-work.ts';

afterEach(() => void vi.useRealTimers());

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('requests during a run share the next one; other keys do not wait', async () => {
  const begun: string[] = [];
  const finish: (() => void)[] = [];
  const work = new CoalescedWork({
    work(key) {
      begun.push(key);
      return new Promise((resolve) => finish.push(resolve));
    },
    isNeeded: () => true,
    onError: () => undefined,
  });
  for (const key of ['a', 'a', 'a', 'b']) work.request(key);
  expect(begun).toEqual(['a', 'b']);
  finish[0]?.();
  await tick();
  expect(begun).toEqual(['a', 'b', 'a']);
  finish[2]?.();
  await tick();
  expect(begun).toHaveLength(3);
  work.request('a');
  expect(begun).toEqual(['a', 'b', 'a', 'a']);
});

test('a run that fails is reported, the next request runs, and it is repeated while it is needed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const errors: unknown[] = [];
  let runs = 0;
  let isNeeded = true;
  const work = new CoalescedWork({
    async work() {
      runs += 1;
      throw new Error('away');
    },
    isNeeded: () => isNeeded,
    onError: (error) => errors.push(error),
  });
  work.request('a');
  await tick();
  work.request('a');
  await tick();
  expect([runs, errors.length, vi.getTimerCount()]).toEqual([2, 2, 1]);
  vi.advanceTimersByTime(5000);
  await tick();
  expect(runs).toBe(3);
  isNeeded = false;
  vi.advanceTimersByTime(5000);
  await tick();
  expect([runs, vi.getTimerCount()]).toEqual([3, 0]);
});
