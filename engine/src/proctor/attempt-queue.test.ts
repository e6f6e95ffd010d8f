import { expect, test } from 'vitest';
import { settle } from '@invigil/testkit/timers/manual-timers';
import { AttemptQueue } from './attempt-queue.ts';

/** An attempt that the test ends. */
const attempt = (log: string[], name: string) => {
  let end = (_error?: Error): void => undefined;
  const run = (): Promise<string> =>
    new Promise((resolve, reject) => {
      log.push(`${name} begins`);
      end = (error) => (error === undefined ? resolve(name) : reject(error));
    });
  return { run, end: (error?: Error) => end(error) };
};

test('runs one attempt after the other, in order', async () => {
  const log: string[] = [];
  const queue = new AttemptQueue();
  const [first, second] = [attempt(log, 'first'), attempt(log, 'second')];
  const results = [queue.run(first.run), queue.run(second.run)];
  await Promise.resolve();
  expect(log).toEqual(['first begins']);
  first.end();
  expect(await results[0]).toBe('first');
  await settle();
  expect(log).toEqual(['first begins', 'second begins']);
  second.end();
  expect(await results[1]).toBe('second');
});

test('an attempt that fails does not stop the next, and only its caller learns of it', async () => {
  const log: string[] = [];
  const queue = new AttemptQueue();
  const first = attempt(log, 'first');
  const failed = queue.run(first.run);
  const next = queue.run(async () => 'next');
  await Promise.resolve();
  first.end(new Error('camera'));
  await expect(failed).rejects.toThrow('camera');
  expect(await next).toBe('next');
});

test('is settled when everything so far has ended, failures included', async () => {
  const queue = new AttemptQueue();
  const log: string[] = [];
  queue.run(() => Promise.reject(new Error('one'))).catch(() => log.push('failed'));
  void queue.run(async () => log.push('ran'));
  await queue.settled;
  expect(log).toEqual(['failed', 'ran']);
});

test('an attempt that throws at once rejects like any other', async () => {
  const queue = new AttemptQueue();
  await expect(
    queue.run(() => {
      throw new Error('at once');
    }),
  ).rejects.toThrow('at once');
});
