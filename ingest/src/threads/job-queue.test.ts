import fc from 'fast-check';
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
  const queue = new JobQueue<string>({ ends: 9, requests: 9, requestsPerOwner: 9, sharedOwner: null });
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
  const queue = new JobQueue<string>({ ends: 1, requests: 3, requestsPerOwner: 2, sharedOwner: null });
  expect(queue.capacity).toBe(4);
  expect(['a1', 'a2', 'a3', 'b1', 'c1'].map((job) => queue.add(job, job[0]!))).toEqual([null, null, 'a3', null, 'a2']);
  expect(queue.add('d1', 'd')).toBe('d1');
  expect(['e1', 'e2'].map((job) => queue.add(job, null))).toEqual([null, 'e2']);
  expect(all(queue)).toEqual(['e1', 'a1', 'b1', 'c1']);
});

test('a shared owner may use the whole queue, and makes room for all others, with whom it takes turns', () => {
  const queue = new JobQueue<string>({ ends: 1, requests: 3, requestsPerOwner: 1, sharedOwner: 's' });
  expect(['s1', 's2', 's3', 's4', 'a1', 'a2', 'b1', 'c1'].map((job) => queue.add(job, job[0]!))).toEqual([
    null,
    null,
    null,
    's4',
    's3',
    'a2',
    's2',
    'c1',
  ]);
  expect(all(queue)).toEqual(['s1', 'a1', 'b1']);
});

test('removes jobs that no longer wait', () => {
  const queue = new JobQueue<string>({ ends: 9, requests: 9, requestsPerOwner: 9, sharedOwner: null });
  for (const job of ['a1', 'a2', 'b1']) queue.add(job, job[0]!);
  queue.add('e1', null);
  expect(['a1', 'b1', 'e1', 'a1'].map((job) => queue.remove(job))).toEqual([true, true, true, false]);
  expect(queue.clear()).toEqual(['a2']);
  expect(queue.size).toBe(0);
});

test('a full queue accepts a job from an owner who has at least two fewer than another', () => {
  const isFair = (owners: readonly string[]): void => {
    const limits = { ends: 9, requests: 10, requestsPerOwner: 4, sharedOwner: null };
    const queue = new JobQueue<string>(limits);
    const waiting = new Set<string>();
    const countOf = (owner: string): number => [...waiting].filter((job) => job.startsWith(owner)).length;
    for (const [at, owner] of owners.entries()) {
      const job = `${owner}${at}`;
      waiting.add(job);
      const refused = queue.add(job, owner);
      if (refused !== null) waiting.delete(refused);
      expect(queue.size).toBe(waiting.size);
      expect(waiting.size).toBeLessThanOrEqual(limits.requests);
      if (refused !== job || countOf(owner) === limits.requestsPerOwner) continue;
      expect(waiting.size).toBe(limits.requests);
      expect(Math.max(...owners.map(countOf))).toBeLessThanOrEqual(countOf(owner) + 1);
    }
  };
  fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 40 }), isFair));
});
