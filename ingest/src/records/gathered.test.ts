import { afterEach, expect, test, vi } from 'vitest';
import { Gathered } from './gathered.ts';

afterEach(() => void vi.useRealTimers());

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const open = (work: (items: readonly number[]) => Promise<readonly number[]>) => {
  const calls: (readonly number[])[] = [];
  const counted = (items: readonly number[]): Promise<readonly number[]> => {
    calls.push(items);
    return work(items);
  };
  const gathered = new Gathered(counted, { wait });
  return { gathered, calls };
};
const doubled = async (items: readonly number[]): Promise<number[]> => items.map((item) => item * 2);

test('does what is asked for in one turn at once, and returns each its own result', async () => {
  const { gathered, calls } = open(doubled);
  expect(await Promise.all([1, 2, 3, 2].map((item) => gathered.add(item)))).toEqual([2, 4, 6, 4]);
  expect(await gathered.add(5)).toBe(10);
  expect(calls).toEqual([[1, 2, 3, 2], [5]]);
});

test('does not wait for the work of the turn before', async () => {
  let finish: (results: readonly number[]) => void = () => undefined;
  const { gathered, calls } = open((items) =>
    items[0] === 1 ? new Promise((resolve) => (finish = resolve)) : doubled(items),
  );
  const first = gathered.add(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await gathered.add(2)).toBe(4);
  finish([7]);
  expect(await first).toBe(7);
  expect(calls).toHaveLength(2);
});

test('divides more than 500 items', async () => {
  const { gathered, calls } = open(doubled);
  const items = Array.from({ length: 1200 }, (_, at) => at);
  expect(await Promise.all(items.map((item) => gathered.add(item)))).toEqual(items.map((item) => item * 2));
  expect(calls.map(({ length }) => length)).toEqual([500, 500, 200]);
});

test('rejects the items of an operation that fails, and no others', async () => {
  const { gathered } = open((items) => (items.includes(1) ? Promise.reject(new Error('gone')) : doubled(items)));
  const failing = Promise.allSettled([gathered.add(1), gathered.add(2)]);
  expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await gathered.add(2)).toBe(4);
});

/** Adds in separate turns. */
const addInTurns = async (gathered: Gathered<number, number>, items: readonly number[]): Promise<number[]> => {
  const results: Promise<number>[] = [];
  for (const item of items) {
    results.push(gathered.add(item));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.advanceTimersByTimeAsync(30);
  return await Promise.all(results);
};

test('gathers a crowd that asks in many turns', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  const { gathered, calls } = open(doubled);
  expect(await addInTurns(gathered, [1, 2, 3, 4, 5, 6])).toEqual([2, 4, 6, 8, 10, 12]);
  expect(calls).toEqual([[1], [2], [3, 4, 5, 6]]);
});

test('keeps gathering after one wait that collects a single item, and stops after two', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  const { gathered, calls } = open(doubled);
  await addInTurns(gathered, [1, 2, 3, 4]);
  await addInTurns(gathered, [5, 6]);
  await addInTurns(gathered, [7, 8, 9]);
  expect(calls).toEqual([[1], [2], [3, 4], [5], [6], [7], [8, 9]]);
  await addInTurns(gathered, [10, 11]);
  await addInTurns(gathered, [12, 13]);
  await addInTurns(gathered, [14, 15, 16]);
  expect(calls.slice(7)).toEqual([[10], [11], [12], [13], [14], [15], [16]]);
});

test('does not make one caller wait who asks again and again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  const { gathered, calls } = open(doubled);
  expect(await addInTurns(gathered, [1, 2, 3])).toEqual([2, 4, 6]);
  for (const item of [4, 5, 6, 7]) expect(await gathered.add(item)).toBe(2 * item);
  expect(calls).toEqual([1, 2, 3, 4, 5, 6, 7].map((item) => [item]));
});
