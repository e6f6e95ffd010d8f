import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correctFuture, maxAheadMs } from './future-frames.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
interface Frame {
  timestamp: number;
  clock_corrected_ms?: number | null;
  ahead_ms?: number;
}
const corrected = (frames: Frame[]): Frame[] => {
  correctFuture(frames, nowMs);
  return frames;
};

describe('frames from the future', () => {
  test('are left alone up to ten minutes ahead', () => {
    const frames = [{ timestamp: nowMs - 5000 }, { timestamp: nowMs + maxAheadMs }];
    expect(corrected(structuredClone(frames))).toEqual(frames);
  });

  test('are moved back together, so that the latest has the time of arrival', () => {
    const aheadMs = 3_600_000;
    expect(corrected([{ timestamp: nowMs + aheadMs - 400 }, { timestamp: nowMs + aheadMs }])).toEqual([
      { timestamp: nowMs - 400, clock_corrected_ms: -aheadMs, ahead_ms: aheadMs },
      { timestamp: nowMs, clock_corrected_ms: -aheadMs, ahead_ms: aheadMs },
    ]);
  });

  test('do not move those of the past that came with them', () => {
    const [past] = corrected([{ timestamp: nowMs - 60_000 }, { timestamp: nowMs + 3_600_000 }]);
    expect(past).toEqual({ timestamp: nowMs - 60_000 });
  });

  test.each([
    [null, -3_600_000],
    [0, -3_600_000],
    [250, -3_599_750],
  ])('add to a correction of %s that the client made itself', (before, after) => {
    const [frame] = corrected([{ timestamp: nowMs + 3_600_000, clock_corrected_ms: before }]);
    expect(frame?.clock_corrected_ms).toBe(after);
  });

  test('of an empty message are none', () => {
    expect(corrected([])).toEqual([]);
  });

  test('end within ten minutes of the arrival, in the same order, whatever their times', () => {
    const times = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(times, (offsets) => {
        const before = offsets.map((ms) => nowMs + ms);
        const after = corrected(before.map((timestamp) => ({ timestamp })));
        for (const [at, { timestamp, ahead_ms = 0 }] of after.entries()) {
          expect(timestamp).toBeLessThanOrEqual(nowMs + maxAheadMs);
          expect(timestamp + ahead_ms).toBe(before[at]);
        }
        const again = structuredClone(after);
        expect(corrected(again)).toEqual(after);
      }),
    );
  });
});
