import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredFrame } from '../frame/feature-frame.ts';
import { encodeReplay, Replay, replayFrameBytes } from './replay-codec.ts';

const startMs = 1_700_000_000_000;
const frame = (timestamp: number, readings: Partial<StoredFrame> = {}): StoredFrame => ({
  frame_id: String(timestamp),
  seq: 0,
  timestamp: startMs + timestamp,
  received_at: startMs,
  ...readings,
});

describe('a replay', () => {
  test('keeps readings to their precision, and unknown ones unknown', () => {
    const replay = new Replay(
      startMs,
      encodeReplay(
        [frame(200, { no_of_face: 1, head_yaw: -0.73216, face_x: 320.4, phone_conf: 81.27, hand_count: null })],
        startMs,
      ),
    );
    expect(replay.value(0, 'head_yaw')).toBeCloseTo(-0.7322, 10);
    expect(replay.value(0, 'face_x')).toBe(320);
    expect(replay.value(0, 'phone_conf')).toBeCloseTo(81.27, 10);
    expect(replay.value(0, 'hand_count')).toBeNull();
    expect(replay.value(0, 'gaze_direction')).toBeNull();
    expect([replay.value(0, 'observed'), replay.timeMs(0)]).toEqual([1, 200]);
  });

  test('clamps what does not fit, instead of wrapping around', () => {
    const replay = new Replay(startMs, encodeReplay([frame(0, { face_x: 99_000, face_y: -99_000 })], startMs));
    expect([replay.value(0, 'face_x'), replay.value(0, 'face_y')]).toEqual([32_767, -32_767]);
  });

  test('finds the frame at any time, whatever the order in which frames arrived', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 100_000 }), { maxLength: 60 }),
        fc.integer({ min: -2000, max: 101_000 }),
        (times, atMs) => {
          const replay = new Replay(
            startMs,
            encodeReplay(
              times.map((time) => frame(time)),
              startMs,
            ),
          );
          const sorted = times.toSorted((a, b) => a - b);
          expect(sorted.map((_, index) => replay.timeMs(index))).toEqual(sorted);
          expect(replay.indexAt(atMs)).toBe(sorted.findLastIndex((time) => time <= atMs));
        },
      ),
    );
  });

  test('ignores a last frame that has not fully arrived', () => {
    const bytes = encodeReplay([frame(0), frame(200)], startMs);
    expect(new Replay(startMs, bytes.subarray(0, replayFrameBytes + 5)).count).toBe(1);
    expect(new Replay(startMs, new Uint8Array()).indexAt(0)).toBe(-1);
  });
});
