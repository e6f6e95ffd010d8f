import { expect, test } from 'vitest';
import { KeyedQueue } from './keyed-queue.ts';

const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

test('runs the work of one key in order, also after a failure', async () => {
  const queue = new KeyedQueue();
  const first = gate();
  const done: string[] = [];
  const works = [
    queue.run('ada', async () => {
      await first.opened;
      done.push('first');
      throw new Error('no records');
    }),
    queue.run('ada', async () => done.push('second')),
  ];
  const settled = Promise.allSettled(works);
  await Promise.resolve();
  expect(done).toEqual([]);
  first.open();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(done).toEqual(['first', 'second']);
});

test('runs different keys side by side, and resolves when all are done', async () => {
  const queue = new KeyedQueue();
  const slow = gate();
  const waiting = queue.run('ada', () => slow.opened);
  await expect(queue.run('bob', async () => 'bob')).resolves.toBe('bob');
  let isSettled = false;
  const settled = queue.settled().then(() => (isSettled = true));
  await Promise.resolve();
  expect(isSettled).toBe(false);
  slow.open();
  await Promise.all([waiting, settled]);
  expect(isSettled).toBe(true);
});
