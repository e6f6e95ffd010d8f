import { describe, expect, test } from 'vitest';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import type { CameraFrame } from '../camera/frame-source.ts';
import { FrameLoop } from './frame-loop.ts';
import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import type { CameraState } from '../camera/camera-state.ts';
import { PerceptionError } from '../worker/perception-error.ts';

const on: CameraState = { state: 'on', label: '', widthPx: 640, heightPx: 480, frameRateHz: 30 };

/** A camera of 30 frames a second, and readings that take `readMs`. */
const setUp = (readMs: () => number, frameRateHz = 5, plannedHz = () => frameRateHz) => {
  const timers = new ManualTimers();
  const originMs = timers.nowMs();
  let taken = -1;
  let failure: unknown = null;
  let state: CameraState = on;
  const emitted: (FeatureReadings & { atMs: number })[] = [];
  let readingNow = 0;
  const loop = new FrameLoop({
    camera: {
      get state() {
        return state;
      },
      take: async () => {
        const index = Math.floor(((timers.nowMs() - originMs) * 30) / 1000);
        if (state.state === 'lost' || index === taken) return null;
        taken = index;
        return { image: {} as CameraFrame['image'], wallMs: timers.nowMs(), monotonicMs: timers.nowMs() };
      },
    },
    read: async () => {
      readingNow += 1;
      expect(readingNow).toBe(1);
      await new Promise<void>((resolve) => timers.after(readMs(), resolve));
      readingNow -= 1;
      if (failure !== null) throw failure;
      return { no_of_face: 1, engine_face_plan_hz: plannedHz() };
    },
    timers,
    monotonicMs: () => timers.nowMs(),
    frameRateHz,
    onReading: ({ readings, at, latencyMs, skipped }) =>
      emitted.push({ ...readings, engine_latency_ms: latencyMs, engine_skipped: skipped, atMs: at.wallMs - originMs }),
  });
  return {
    timers,
    loop,
    emitted,
    fail: (error: unknown) => (failure = error),
    setCamera: (next: CameraState) => (state = next),
  };
};

const skippedOf = (frames: readonly FeatureReadings[]): number =>
  frames.reduce((sum, { engine_skipped }) => sum + (engine_skipped ?? 0), 0);

describe('reads less often while the device has less capacity, and counts none of it as skipped', () => {
  test('reads less often while the device has room for less, and counts nothing of it as skipped', async () => {
    let plannedHz = 2.5;
    const { timers, emitted } = setUp(
      () => 120,
      5,
      () => plannedHz,
    );
    await timers.advance(4000);
    expect(emitted.length).toBeGreaterThanOrEqual(9);
    expect(emitted.length).toBeLessThanOrEqual(11);
    expect(skippedOf(emitted)).toBe(0);
    plannedHz = 5;
    const before = emitted.length;
    await timers.advance(4000);
    expect(emitted.length - before).toBeGreaterThanOrEqual(19);
  });

  test('keeps the pace exactly if reading is fast enough', async () => {
    const { timers, emitted } = setUp(() => 120);
    await timers.advance(2000);
    expect(emitted.map(({ atMs }) => atMs)).toEqual([0, 200, 400, 600, 800, 1000, 1200, 1400, 1600, 1800]);
    expect(skippedOf(emitted)).toBe(0);
    expect(emitted[0]?.engine_latency_ms).toBe(120);
  });

  test('reads at full speed, one image at a time, if reading is slower than the pace', async () => {
    const { timers, emitted } = setUp(() => 250);
    await timers.advance(10_000);
    expect(emitted.length).toBeGreaterThanOrEqual(38);
  });

  test('counts the beats that one long reading skipped', async () => {
    let readMs = 100;
    const { timers, emitted } = setUp(() => readMs);
    await timers.advance(950);
    readMs = 1090;
    await timers.advance(200);
    readMs = 100;
    await timers.advance(3000);
    expect(skippedOf(emitted)).toBeGreaterThanOrEqual(4);
    expect(skippedOf(emitted) + emitted.length).toBeGreaterThanOrEqual(20);
  });

  test('reports a lost camera instead of stopping, and continues when it is back', async () => {
    const { timers, emitted, setCamera } = setUp(() => 20);
    await timers.advance(500);
    setCamera({ state: 'lost', sinceMs: timers.nowMs(), cause: 'disconnected' });
    await timers.advance(1000);
    setCamera(on);
    await timers.advance(500);
    const reasons = emitted.map(({ not_observed }) => not_observed ?? 'observed');
    expect(reasons.filter((reason) => reason === 'camera_lost')).toHaveLength(5);
    expect(reasons.at(-1)).toBe('observed');
  });

  test.each([
    [new PerceptionError('worker_hung', ''), 'worker_restarted'],
    [new PerceptionError('not_loaded', ''), 'worker_restarted'],
    [new PerceptionError('reading_failed', ''), 'detector_failed'],
    [new PerceptionError('out_of_memory', ''), 'detector_failed'],
    [new Error('anything'), 'detector_failed'],
  ])('%o makes frames that state %s', async (error, reason) => {
    const { timers, emitted, fail } = setUp(() => 10);
    fail(error);
    await timers.advance(450);
    expect(emitted.map(({ not_observed }) => not_observed)).toEqual([reason, reason, reason]);
  });

  test.each(['busy', 'closed'] as const)(
    'an image that is refused as %s makes no frame and is skipped',
    async (reason) => {
      const { timers, emitted, fail } = setUp(() => 10);
      fail(new PerceptionError(reason, ''));
      await timers.advance(450);
      expect(emitted).toEqual([]);
      fail(null);
      await timers.advance(200);
      expect(emitted).toHaveLength(1);
      expect(skippedOf(emitted)).toBe(3);
    },
  );

  test('emits nothing after it was stopped', async () => {
    const { timers, emitted, loop } = setUp(() => 100);
    await timers.advance(50);
    loop.stop();
    await timers.advance(1000);
    expect(emitted).toEqual([]);
  });
});
