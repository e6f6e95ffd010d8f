import { expect, test } from 'vitest';
import { CoalescedWork } from './coalesced-work.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('requests during a run share the next one; other keys do not wait', async () => {
  const begun: string[] = [];
  const finish: (() => void)[] = [];
  const work = new CoalescedWork(
    (key) => {
      begun.push(key);
      return new Promise((resolve) => finish.push(resolve));
    },
    () => undefined,
  );
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

test('a run that fails is reported, and the next request runs', async () => {
  const errors: unknown[] = [];
  let runs = 0;
  const work = new CoalescedWork(
    async () => {
      runs += 1;
      throw new Error('away');
    },
    (error) => errors.push(error),
  );
  work.request('a');
  await tick();
  work.request('a');
  await tick();
  expect([runs, errors.length]).toEqual([2, 2]);
});
