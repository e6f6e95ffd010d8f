import { expect, test, vi } from 'vitest';
import { tooManyGaps } from '../model/ingest-error.ts';
import { withCommandDeadline } from './command-deadline.ts';

test('passes the reply on', async () => {
  await expect(withCommandDeadline(async () => 'PONG')).resolves.toBe('PONG');
});

test('reports a driver error as an unavailable frame store, with the driver error as the cause alone', async () => {
  const driverError = new Error('connect ECONNREFUSED 10.0.0.7:6379');
  const failing = withCommandDeadline(async () => {
    throw driverError;
  });
  await expect(failing).rejects.toMatchObject({ reason: 'frame_store_unavailable', cause: driverError });
  await expect(failing).rejects.not.toThrow('10.0.0.7');
});

test('reports a client that throws before it sends as an unavailable frame store', async () => {
  const failing = withCommandDeadline(() => {
    throw new Error('The client is closed');
  });
  await expect(failing).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
});

test('keeps an error of this package as it is', async () => {
  const failing = withCommandDeadline(async () => {
    throw tooManyGaps(256);
  });
  await expect(failing).rejects.toMatchObject({ reason: 'too_many_gaps' });
});

test('reports a command that exceeds its time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const reply = withCommandDeadline(() => new Promise(() => undefined), 50).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(50);
    expect(await reply).toMatchObject({ reason: 'frame_store_unavailable' });
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  'TRYAGAIN Multiple keys request during rehashing of slot',
  'CLUSTERDOWN The cluster is down',
  'MOVED 5 10.0.0.7:6379',
  'ASK 5 10.0.0.7:6379',
])('repeats a command that a cluster answers with %s', async (message) => {
  let calls = 0;
  const reply = withCommandDeadline(async () => {
    calls += 1;
    if (calls < 3) throw new Error(message);
    return 'stored';
  });
  expect(await reply).toBe('stored');
  expect(calls).toBe(3);
});

test('reports a cluster that stays down', async () => {
  const failing = withCommandDeadline(async () => {
    throw new Error('CLUSTERDOWN The cluster is down');
  }, 60);
  await expect(failing).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
});
