// @vitest-environment happy-dom
import { afterEach, expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import type { Violation } from '@invigil/protocol/channels';
import type { FeatureFrame } from '@invigil/protocol/frame';
import type { RuleEvent } from '@invigil/protocol/rules';
import { SessionGaze } from '../calibration/session-gaze.ts';
import { Delivery } from '../connection/delivery.ts';
import { PageSignals } from '../page-signals/page-signals.ts';
import { Suspension } from '../page-signals/suspension.ts';
import { PowerHints } from '../power/power-hints.ts';
import { Recording } from './recording.ts';

const on = { state: 'on', label: 'Webcam', widthPx: 640, heightPx: 480, frameRateHz: 30 } as const;
const deliveryOptions = {
  serverUrl: 'http://127.0.0.1:9',
  sessionId: 's',
  pictures: false,
  batchIntervalMs: 1000,
  outboxMaxFrames: 10_000,
  outboxMaxBytes: 10_000_000,
};

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A recording with all of its real parts. Delivery is never connected, and stores in memory: there is no database here. */
const setUp = async () => {
  const timers = new ManualTimers();
  const delivery = await Delivery.open(deliveryOptions, timers, { onState: () => undefined, onError: () => undefined });
  const signals = new PageSignals(() => timers.nowMs());
  const suspension = new Suspension(timers);
  closers.push(
    () => delivery.close(),
    () => signals.close(),
    () => suspension.close(),
  );
  const frames: FeatureFrame[] = [];
  const events: RuleEvent[] = [];
  const reported: Violation[] = [];
  const recording = new Recording({
    delivery,
    camera: { camera: on, deviceCount: 1 },
    gaze: new SessionGaze({ sessionId: 's', examArea: undefined, nowMs: () => 0, onState: () => undefined }),
    signals,
    power: new PowerHints(() => undefined, {}),
    suspension,
    timers,
    onFrame: (frame) => frames.push(frame),
    onObservation: (event) => events.push(event),
    onViolation: (violation) => reported.push(violation),
  });
  /** Readings of one image, `afterMs` later. */
  const read = async (readings: Readings, afterMs = 200, agoMs = 0): Promise<void> => {
    await timers.advance(afterMs);
    recording.record({
      readings,
      at: { wallMs: timers.nowMs() - agoMs, monotonicMs: performance.now() - agoMs },
      latencyMs: 50,
      skipped: 0,
    });
  };
  const paste = (): boolean => document.dispatchEvent(new Event('paste'));
  const freeze = (): boolean => document.dispatchEvent(new Event('freeze'));
  return { timers, delivery, recording, frames, events, reported, read, paste, freeze };
};

type Readings = Parameters<Recording['record']>[0]['readings'];

const face: Readings = { face_present: 1, no_of_face: 1 };
const nobody: Readings = { face_present: 0, no_of_face: 0 };

test('numbers frames, stores each of them and hands it on', async () => {
  const { delivery, frames, read } = await setUp();
  await read(face);
  await read(face);
  expect(frames.map(({ seq, no_of_face, engine_latency_ms }) => [seq, no_of_face, engine_latency_ms])).toEqual([
    [0, 1, 50],
    [1, 1, 50],
  ]);
  expect(delivery.state.waitingFrames).toBe(2);
});

test('an observation is published when it begins and when it ends', async () => {
  const { events, read } = await setUp();
  for (let frame = 0; frame < 5; frame += 1) await read(face);
  for (let frame = 0; frame < 20; frame += 1) await read(nobody);
  for (let frame = 0; frame < 10; frame += 1) await read(face);
  expect(events.map(({ event, observation }) => [event, observation.type])).toEqual([
    ['opened', 'face_absent'],
    ['closed', 'face_absent'],
  ]);
});

test('the end closes open observations, once', async () => {
  const { recording, events, read } = await setUp();
  for (let frame = 0; frame < 20; frame += 1) await read(nobody);
  recording.end();
  recording.end();
  expect(events.map(({ event }) => event)).toEqual(['opened', 'closed']);
});

test('a violation is sent with the next frame, once, and the page is notified', async () => {
  const { frames, reported, read, paste, timers } = await setUp();
  paste();
  const seen = [{ type: 'PASTE_ATTEMPT', timestamp: timers.nowMs() }];
  await read(face);
  await read(face);
  expect(frames[0]?.page_violations).toEqual(seen);
  expect(frames[1]).not.toHaveProperty('page_violations');
  expect(reported).toEqual(seen);
});

test('a break starts with the violations before it, and ignores those during it', async () => {
  const { recording, frames, paste, read, timers } = await setUp();
  paste();
  recording.beginBreak();
  await timers.advance(2000);
  paste();
  recording.recordBreak();
  await read(face);
  expect(frames).toMatchObject([
    { not_observed: 'paused', page_violations: [{ type: 'PASTE_ATTEMPT' }] },
    { not_observed: 'paused' },
    { no_of_face: 1 },
  ]);
  expect(frames.filter((frame) => 'page_violations' in frame)).toHaveLength(1);
});

test('the last violations are recorded at the end, if there are any', async () => {
  const { recording, frames, paste } = await setUp();
  recording.recordLastSignals();
  expect(frames).toEqual([]);
  paste();
  recording.recordLastSignals();
  expect(frames).toMatchObject([{ page_violations: [{ type: 'PASTE_ATTEMPT' }] }]);
});

/** Each frame's content: the number of faces, or why it has none. */
const sayings = (frames: readonly FeatureFrame[]): unknown[] =>
  frames.map(({ not_observed, no_of_face }) => not_observed ?? no_of_face);

test('the first frame after a suspension states it, before the first image after it', async () => {
  const { frames, read, freeze } = await setUp();
  await read(face);
  freeze();
  await read(face, 60_000);
  await read(face);
  expect(sayings(frames)).toEqual([1, 'page_suspended', 1, 1]);
});

test('an image that was being read when the page was suspended comes before the suspension', async () => {
  const { frames, read, freeze } = await setUp();
  freeze();
  await read(face, 60_000, 59_000);
  expect(sayings(frames)).toEqual([1, 'page_suspended']);
  expect((frames[1]?.timestamp ?? 0) - (frames[0]?.timestamp ?? 0)).toBe(59_000);
});

test('a session without a camera states it in each frame, together with what the browser lacks and what the page saw', async () => {
  const { timers, recording, frames, paste } = await setUp();
  recording.recordMissing('no_camera');
  await timers.advance(1000);
  paste();
  recording.recordMissing('no_camera');
  expect(frames.map(({ not_observed }) => not_observed)).toEqual(['no_camera', 'no_camera']);
  // There is neither a database nor Web Locks here.
  expect(frames[0]).toMatchObject({ storage_missing: 1, lock_missing: 1 });
  expect(frames[1]?.page_violations?.map(({ type }) => type)).toEqual(['PASTE_ATTEMPT']);
});
