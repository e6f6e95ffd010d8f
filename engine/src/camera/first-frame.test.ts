import { expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import type { CameraWait } from './camera-state.ts';
import { firstFrame } from './first-frame.ts';
import type { FrameSource } from './frame-source.ts';

/** An open camera whose first image the test sends. */
const setUp = () => {
  const timers = new ManualTimers();
  const source = { lastArrivalMs: null as number | null, needsTouch: false };
  const page = new AbortController();
  const waits: (CameraWait | null)[] = [];
  const outcome = firstFrame(() => source as FrameSource, {
    timers,
    signal: page.signal,
    onWaiting: (wait) => waits.push(wait),
  }).then(
    () => 'image',
    (error: { reason: string; detail: string }) => `${error.reason}: ${error.detail}`,
  );
  return { timers, source, page, waits, outcome };
};

test('resolves with the first image, and leaves no timer', async () => {
  const { timers, source, waits, outcome } = setUp();
  await timers.advance(5000);
  source.lastArrivalMs = 1;
  await timers.advance(20);
  expect(await outcome).toBe('image');
  expect(timers.size).toBe(0);
  expect(waits).toEqual([]);
});

test('gives up on a camera that is open and sends nothing for fifteen seconds', async () => {
  const { timers, outcome } = setUp();
  await timers.advance(15_000);
  expect(timers.size).toBe(1);
  await timers.advance(20);
  expect(await outcome).toBe('camera_failed: the camera is open but sends no image');
  expect(timers.size).toBe(0);
});

test('waits for a touch as long as the student needs, and reports it once', async () => {
  const { timers, source, waits, outcome } = setUp();
  source.needsTouch = true;
  await timers.advance(3_600_000);
  expect(waits).toEqual(['touch']);
  source.needsTouch = false;
  source.lastArrivalMs = 1;
  await timers.advance(20);
  expect(await outcome).toBe('image');
  expect(waits).toEqual(['touch', null]);
});

test('has fifteen seconds again after the touch', async () => {
  const { timers, source, outcome } = setUp();
  source.needsTouch = true;
  await timers.advance(60_000);
  source.needsTouch = false;
  await timers.advance(14_000);
  source.lastArrivalMs = 1;
  await timers.advance(20);
  expect(await outcome).toBe('image');
});

test('a camera that is closed in the meantime ends the wait', async () => {
  const { timers, page, outcome } = setUp();
  page.abort();
  await timers.advance(20);
  expect(await outcome).toBe('camera_failed: the camera was closed');
  expect(timers.size).toBe(0);
});
