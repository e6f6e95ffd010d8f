import { expect, onTestFinished, test, vi } from 'vitest';
import { LargeMessageTurns } from './large-message-turns.ts';

const setUp = () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const turns = new LargeMessageTurns();
  const started: string[] = [];
  const send = (sessionId: string, name: string, { bytes = 100_000, tookMs = 40 } = {}) =>
    turns.run(sessionId, bytes, async () => {
      started.push(name);
      vi.advanceTimersByTime(tookMs);
      return name;
    });
  return { send, started };
};
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
};

test('a session’s large messages rest in between; those of others, and small ones, do not wait for it', async () => {
  const { send, started } = setUp();
  const quick = { tookMs: 0 };
  const sent = [send('mallory', 'm1'), send('mallory', 'm2', quick), send('ada', 'a1', quick)];
  await settle();
  expect(started).toEqual(['m1', 'a1']);
  expect(await send('mallory', 'small', { bytes: 100, tookMs: 0 })).toBe('small');
  vi.advanceTimersByTime(79);
  await settle();
  expect(started).not.toContain('m2');
  vi.advanceTimersByTime(41);
  await settle();
  expect(started).toContain('m2');
  expect(await Promise.all(sent)).toEqual(['m1', 'm2', 'a1']);
});

test('too many that wait are refused, not kept', async () => {
  const { send, started } = setUp();
  const sent = Array.from({ length: 200 }, (_, index) => send('mallory', `m${index}`));
  await settle();
  expect(started).toEqual(['m0']);
  const refused = await Promise.all(sent.slice(100));
  expect(new Set(refused)).toEqual(new Set([null]));
});

test('a message that fails ends its turn', async () => {
  const { send, started } = setUp();
  const turns = new LargeMessageTurns();
  const failing = turns.run('ada', 100_000, () => Promise.reject(new Error('no store')));
  await expect(failing).rejects.toThrow('no store');
  vi.advanceTimersByTime(500);
  await settle();
  expect(await turns.run('ada', 100_000, async () => 'stored')).toBe('stored');
  expect(await send('ada', 'next')).toBe('next');
  expect(started).toEqual(['next']);
});
