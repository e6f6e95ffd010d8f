import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { GatheredEvents } from './gathered-events.ts';

let sent: [string, readonly string[]][];
let gathered: GatheredEvents<string>;
beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  gathered = new GatheredEvents<string>({
    intervalMs: 1000,
    send: async (key, items) => void sent.push([key, items]),
    onError: (error) => expect.fail(String(error)),
  });
});
afterEach(() => {
  gathered.close();
  vi.useRealTimers();
});

test('sends the first at once and the rest of the second in one message', async () => {
  for (const item of ['a', 'b', 'c', 'b']) await gathered.add('ada', item);
  expect(sent).toEqual([['ada', ['a']]]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.slice(1)).toEqual([['ada', ['b', 'c']]]);
});

test('a flood is one message a second, and the last event is never lost', async () => {
  for (let at = 0; at < 100; at += 1) {
    await gathered.add('ada', `${at}`);
    await vi.advanceTimersByTimeAsync(100);
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(sent.length).toBeLessThanOrEqual(12);
  expect(sent.flatMap(([, items]) => items)).toHaveLength(100);
});

test('keys do not delay each other, and after a quiet second the next event is sent at once', async () => {
  await gathered.add('ada', 'a');
  await gathered.add('bob', 'a');
  await vi.advanceTimersByTimeAsync(1000);
  await gathered.add('ada', 'b');
  expect(sent).toEqual([
    ['ada', ['a']],
    ['bob', ['a']],
    ['ada', ['b']],
  ]);
});

test('reports a failed message, and sends nothing after it is closed', async () => {
  const errors: unknown[] = [];
  let calls = 0;
  const failing = new GatheredEvents<string>({
    intervalMs: 1000,
    send: async () => {
      calls += 1;
      if (calls === 2) throw new Error('away');
    },
    onError: (error) => errors.push(error),
  });
  await failing.add('ada', 'a');
  await failing.add('ada', 'b');
  await vi.advanceTimersByTimeAsync(1000);
  await failing.add('ada', 'c');
  failing.close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(errors).toEqual([new Error('away')]);
  expect(calls).toBe(2);
});
