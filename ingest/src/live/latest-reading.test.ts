import type { StoredFrame } from '@invigil/protocol/frame';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stepReading, unobservedAt } from './latest-reading.ts';
import type { LatestReading } from './latest-reading.ts';

type Reason = 'obstructed' | 'camera_lost' | 'paused';
const frame = (seconds: number, reason: Reason | null): StoredFrame => ({
  frame_id: String(seconds),
  seq: seconds,
  timestamp: seconds * 1000,
  received_at: seconds * 1000,
  no_of_face: reason === null ? 1 : null,
  ...(reason === null ? {} : { not_observed: reason }),
});
const after = (...reasons: (Reason | null)[]): LatestReading =>
  reasons.reduce<LatestReading | null>((reading, reason, second) => stepReading(reading, frame(second, reason)), null)!;

describe('a session’s gap', () => {
  test('begins with the first frame that is not observed, and has the newest reason', () => {
    const reading = after(null, 'obstructed', null, 'obstructed', 'camera_lost');
    expect(unobservedAt(reading, 6000)).toEqual({ sinceMs: 3000, reason: 'camera_lost' });
  });

  test('is not a gap for its first 3 s', () => {
    expect(unobservedAt(after('obstructed'), 2999)).toBeNull();
    expect(unobservedAt(after('obstructed'), 3000)).not.toBeNull();
  });

  test('begins again with a break, and after it', () => {
    expect(unobservedAt(after('obstructed', 'paused'), 4000)).toEqual({ sinceMs: 1000, reason: 'paused' });
    expect(unobservedAt(after('paused', 'obstructed'), 4000)).toEqual({ sinceMs: 1000, reason: 'obstructed' });
  });

  test('also begins when frames stop for 5 s', () => {
    expect(unobservedAt(after(null), 4999)).toBeNull();
    expect(unobservedAt(after(null), 5000)).toEqual({ sinceMs: 0, reason: 'no_frames' });
    expect(unobservedAt(after(null, 'obstructed'), 8000)).toEqual({ sinceMs: 1000, reason: 'obstructed' });
  });

  test('never starts before a frame that was observed', () => {
    const reasons = fc.array(fc.constantFrom(null, 'obstructed', 'paused'), { minLength: 1 });
    fc.assert(
      fc.property(reasons, fc.nat({ max: 10_000 }), (list, laterMs) => {
        const seen = list.findLastIndex((reason) => reason === null);
        const nowMs = (list.length - 1) * 1000 + laterMs;
        const gap = unobservedAt(after(...(list as (Reason | null)[])), nowMs);
        expect(gap?.sinceMs ?? Infinity).toBeGreaterThanOrEqual(Math.max(0, seen * 1000));
        const isSeenNow = list.at(-1) === null && laterMs < 5000;
        expect(isSeenNow && gap !== null).toBe(false);
      }),
    );
  });
});
