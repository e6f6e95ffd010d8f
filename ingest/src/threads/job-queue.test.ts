import { expect, test } from 'vitest';
import { JobQueue } from './job-queue.ts';

const all = (queue: JobQueue<string>, mayRequest = true): string[] => {
  const taken: string[] = [];
  for (;;) {
    const job = queue.take(mayRequest);
    if (job === null) return taken;
    taken.push(job);
  }
};

test('ends come first, then one job of each owner in turn', () => {
  const queue = new JobQueue<string>({ ends: 9, requests: 9, requestsPerOwner: 9 });
  for (const job of ['a1', 'a2', 'a3', 'b1', 'b2']) queue.add(job, job[0]!);
  queue.add('end', null);
  expect(queue.size).toBe(6);
  expect(all(queue, false)).toEqual(['end']);
  expect(queue.take(true)).toBe('a1');
  queue.add('c1', 'c');
  expect(all(queue)).toEqual(['b1', 'a2', 'c1', 'b2', 'a3']);
  expect(queue.size).toBe(0);
});

test('is bounded: for ends, for requests, and for each owner', () => {
  const queue = new JobQueue<string>({ ends: 1, requests: 3, requestsPerOwner: 2 });
  expect(queue.capacity).toBe(4);
  expect(['a1', 'a2', 'a3', 'b1', 'c1'].map((job) => queue.add(job, job[0]!))).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  expect(['e1', 'e2'].map((job) => queue.add(job, null))).toEqual([true, false]);
  expect(all(queue)).toEqual(['e1', 'a1', 'b1', 'a2']);
});

test('removes jobs that no longer wait', () => {
  const queue = new JobQueue<string>({ ends: 9, requests: 9, requestsPerOwner: 9 });
  for (const job of ['a1', 'a2', 'b1']) queue.add(job, job[0]!);
  queue.add('e1', null);
  expect(['a1', 'b1', 'e1', 'a1'].map((job) => queue.remove(job))).toEqual([true, true, true, false]);
  expect(queue.clear()).toEqual(['a2']);
  expect(queue.size).toBe(0);
});
