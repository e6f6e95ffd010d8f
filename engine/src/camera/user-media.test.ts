import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CameraWait } from './camera-state.ts';
import { requestStream } from './user-media.ts';

const hourMs = 3_600_000;

/** A browser in which the test decides what `getUserMedia` answers. */
const setUp = (permission: PermissionState | 'silent' = 'prompt') => {
  const tracks = [{ isStopped: false, stop: () => (tracks[0]!.isStopped = true) }];
  const stream = { getTracks: () => tracks } as unknown as MediaStream;
  let answer = (_stream: MediaStream): void => undefined;
  const query = (): Promise<unknown> =>
    permission === 'silent' ? new Promise(() => undefined) : Promise.resolve({ state: permission });
  vi.stubGlobal('navigator', {
    permissions: { query },
    mediaDevices: { getUserMedia: () => new Promise((resolve) => (answer = resolve)) },
  });
  const waits: (CameraWait | null)[] = [];
  const page = new AbortController();
  const request = requestStream(true, { signal: page.signal, onWaiting: (wait) => waits.push(wait) });
  const outcome = request.then(
    () => 'opened',
    (error: { reason: string }) => error.reason,
  );
  return { tracks, stream, waits, page, outcome, answer: () => answer(stream) };
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('reports nothing for a camera that opens within five seconds', async () => {
  const { waits, outcome, answer } = setUp();
  await vi.advanceTimersByTimeAsync(4999);
  answer();
  expect(await outcome).toBe('opened');
  expect(waits).toEqual([]);
});

test('reports that the browser’s prompt is unanswered, and waits as long as the student wants', async () => {
  const { waits, outcome, answer } = setUp('prompt');
  await vi.advanceTimersByTimeAsync(hourMs);
  expect(waits).toEqual(['permission']);
  answer();
  expect(await outcome).toBe('opened');
  expect(waits).toEqual(['permission', null]);
});

test('reports that an allowed camera does not respond, and gives up after thirty seconds', async () => {
  const { waits, outcome } = setUp('granted');
  await vi.advanceTimersByTimeAsync(5000);
  expect(waits).toEqual(['device']);
  await vi.advanceTimersByTimeAsync(25_000);
  expect(await outcome).toBe('camera_failed');
  expect(waits).toEqual(['device', null]);
});

test('stops a stream that comes after it was given up', async () => {
  const { tracks, outcome, answer } = setUp('granted');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await outcome).toBe('camera_failed');
  answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(tracks[0]?.isStopped).toBe(true);
});

test('stops a stream that comes after the page gave up', async () => {
  const { tracks, page, outcome, answer, waits } = setUp('prompt');
  await vi.advanceTimersByTimeAsync(6000);
  page.abort();
  expect(await outcome).toBe('camera_failed');
  expect(waits).toEqual(['permission', null]);
  answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(tracks[0]?.isStopped).toBe(true);
});

test('a browser that does not say whether the camera is allowed is not waited for', async () => {
  const { waits, outcome, answer } = setUp('silent');
  await vi.advanceTimersByTimeAsync(1000);
  await vi.advanceTimersByTimeAsync(5000);
  expect(waits).toEqual(['permission']);
  answer();
  expect(await outcome).toBe('opened');
});
