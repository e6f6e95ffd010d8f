import { afterEach, expect, test, vi } from 'vitest';
import { withAnswerDeadline } from './answer-deadline.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('resolves with the answer', async () => {
  await expect(withAnswerDeadline(Promise.resolve('PONG'))).resolves.toBeUndefined();
});

test('reports an error of the bus as bus_unavailable', async () => {
  const failure = Promise.reject(new Error('connection reset'));
  await expect(withAnswerDeadline(failure)).rejects.toMatchObject({ reason: 'bus_unavailable' });
});

test('gives up on a bus that does not answer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await Promise.all([
    expect(withAnswerDeadline(new Promise(() => undefined), 50)).rejects.toMatchObject({ reason: 'bus_unavailable' }),
    vi.advanceTimersByTimeAsync(50),
  ]);
  expect(vi.getTimerCount()).toBe(0);
});
