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
  vi.useFakeTimers();
  try {
    const reply = withCommandDeadline(() => new Promise(() => undefined), 50).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(50);
    expect(await reply).toMatchObject({ reason: 'frame_store_unavailable' });
  } finally {
    vi.useRealTimers();
  }
});
