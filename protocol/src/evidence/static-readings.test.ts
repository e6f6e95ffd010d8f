import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Features } from '../frame/feature-frame.ts';
import { coarseReadings, readingsOf, startStaticReadings, stepStaticReadings } from './static-readings.ts';
import type { StaticReadings } from './static-readings.ts';

const reading = (yaw: number): Features => ({
  face_x: 320,
  face_y: 240,
  face_w: 128,
  face_h: 160,
  head_yaw: yaw,
  head_pitch: -0.1,
  head_roll: 0.02,
});

const step = (before: StaticReadings, frame: Features, elapsedMs: number): StaticReadings =>
  stepStaticReadings(before, readingsOf(frame), elapsedMs);
const fold = (frames: readonly Features[], stepMs = 250, from = startStaticReadings()): StaticReadings =>
  frames.reduce((before, frame) => step(before, frame, stepMs), from);
const kept = ({ earlier = [], recent }: StaticReadings): number[] => [...earlier.flat(), ...recent];
const varied = (count: number, offset = 0): Features[] =>
  Array.from({ length: count }, (_, at) => reading((at + offset) / 10_000));

describe('readings of a face', () => {
  test('that always differ are neither constant nor repeated', () => {
    expect(fold(varied(1000))).toMatchObject({ constantMs: 0, repeatedMs: 0 });
  });

  test('keep their hashes, which checkpoints hold, between versions', () => {
    const frame = { ...reading(0.1234), face_x: 320.5, face_h: -0, head_pitch: null };
    expect([readingsOf(frame), readingsOf(coarseReadings({ ...frame, no_of_face: 1 }))]).toEqual([
      3_169_909_220, 231_559_688,
    ]);
  });

  test('have the FNV-1a hash of their texts', () => {
    const ofText = (values: readonly (number | null)[]): number => {
      const text = values.map((value) => (value === null ? '' : JSON.stringify(value))).join(',');
      let hash = 0x811c9dc5;
      for (const unit of text) hash = Math.imul(hash ^ unit.charCodeAt(0), 0x01000193);
      return hash >>> 0;
    };
    const decimal = fc.tuple(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), fc.integer({ min: 0, max: 6 }));
    const number = fc.oneof(
      decimal.map(([digits, places]) => digits / 10 ** places),
      fc.integer({ min: -9999, max: 9999 }).map((digits) => digits / 10_000),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const values = fc.array(fc.option(number, { freq: 9 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(values, number, ([face_x, face_y, face_w, face_h, head_pitch, head_roll] = [], head_yaw) => {
        const frame = { no_of_face: 1, face_x, face_y, face_w, face_h, head_yaw, head_pitch, head_roll } as Features;
        const texts = [face_x, face_y, face_w, face_h, head_yaw, head_pitch, head_roll].map((value) => value ?? null);
        expect(readingsOf(frame)).toBe(ofText(texts));
      }),
      { numRuns: 2000 },
    );
  });

  test('that stay the same to the last digit are constant', () => {
    expect(fold(Array.from({ length: 5 }, () => reading(0.1)))).toMatchObject({ constantMs: 1000, repeatedMs: 0 });
  });

  test.each(['face_x', 'face_y', 'face_w', 'face_h', 'head_yaw', 'head_pitch', 'head_roll'] as const)(
    'are different if only %s is',
    (name) => {
      const moved = { ...reading(0.1), [name]: 0.100_000_1 };
      expect(fold([reading(0.1), moved])).toMatchObject({ constantMs: 0, repeatedMs: 0 });
    },
  );

  test('that run in a loop of 64 s at 4 frames a second are repeated from the second time on', () => {
    const loop = varied(256);
    expect(fold([...loop, ...loop, ...loop])).toMatchObject({ constantMs: 0, repeatedMs: 2 * 64_000 });
  });

  test('that run in a longer loop are left to `LongLoop`', () => {
    const loop = varied(257);
    expect(fold([...loop, ...loop])).toMatchObject({ repeatedMs: 0 });
  });

  test('stay known as a loop while one of them is held', () => {
    const loop = varied(200);
    const held = Array.from({ length: 400 }, () => loop.at(-1)!);
    expect(fold([...loop, ...held, ...loop])).toMatchObject({ constantMs: 100_000, repeatedMs: 50_000 });
  });

  test('count for the time since the frame before, which the caller limits', () => {
    const first = step(startStaticReadings(), reading(0.1), 250);
    expect(step(first, reading(0.1), 0)).toMatchObject({ constantMs: 0, repeatedMs: 0 });
    expect(step(first, reading(0.1), 3000)).toMatchObject({ constantMs: 3000 });
  });

  test('do not depend on the other fields of a frame', () => {
    const frames = [
      { ...reading(0.1), brightness: 0.4, timestamp: 1 },
      { ...reading(0.1), brightness: 0.5, timestamp: 2 },
    ];
    expect(fold(frames)).toMatchObject({ constantMs: 250 });
  });
});

test('a claimed face without a position, which is always the same', () => {
  const hollow = (frame: Features) => fold(Array.from({ length: 5 }, () => frame));
  expect(hollow({ no_of_face: 1 })).toMatchObject({ constantMs: 1000 });
  expect(hollow({ face_present: 1, phone_present: 0 })).toMatchObject({ constantMs: 1000 });
  expect(hollow({ no_of_face: 0 })).toMatchObject({ constantMs: 0 });
});

describe('a frame without a face', () => {
  test.each([
    ['position', { face_x: null }],
    ['height', { face_y: null }],
    ['head angle', { head_yaw: null }],
  ])('that lacks the %s changes nothing', (_name, missing) => {
    const before = fold(varied(3));
    expect(step(before, { ...reading(0.1), ...missing }, 250)).toBe(before);
    expect(step(before, {}, 250)).toBe(before);
  });

  test('does not hide that the reading before and after it is the same', () => {
    expect(fold([reading(0.1), {}, {}, reading(0.1)])).toMatchObject({ constantMs: 250 });
  });
});

describe('the state', () => {
  const anyFrames = fc.array(
    fc.constantFrom(0, 1, 2, 3, 4, 5, null).map((yaw): Features => (yaw === null ? {} : reading(yaw / 10))),
    { maxLength: 80 },
  );

  test('counts each time once at most, and never takes any back', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        let before = startStaticReadings();
        for (const frame of frames) {
          const after = step(before, frame, 250);
          const added = [after.constantMs - before.constantMs, after.repeatedMs - before.repeatedMs];
          expect(added.every((ms) => ms === 0 || ms === 250)).toBe(true);
          expect(added[0]! + added[1]!).toBeLessThanOrEqual(250);
          before = after;
        }
      }),
    );
  });

  test('counts every frame with a face as new, constant or repeated', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const after = fold(frames);
        const faces = frames.filter(({ head_yaw }) => head_yaw !== undefined);
        expect(kept(after).length).toBe(new Set(faces.map(({ head_yaw }) => head_yaw)).size);
        expect(kept(after).length + (after.constantMs + after.repeatedMs) / 250).toBe(faces.length);
      }),
    );
  });

  test('stays small however long the session is', () => {
    expect(kept(fold(varied(2000))).length).toBeLessThanOrEqual(256 + 32);
  });

  test('remembers exactly the latest 256 readings, wherever a page begins', () => {
    for (const seen of [256, 257, 270, 287, 288, 289, 700]) {
      const before = fold(varied(seen));
      const back = (frames: number) => step(before, reading((seen - frames) / 10_000), 250);
      expect(back(256)).toMatchObject({ repeatedMs: 250 });
      expect(back(257)).toMatchObject({ repeatedMs: 0 });
    }
  });

  test('continues a checkpoint whose readings are one list', () => {
    const { earlier: _pages, ...all } = fold(varied(256));
    const old: StaticReadings = { ...all, recent: kept(fold(varied(256))) };
    expect(fold(varied(256), 250, old)).toMatchObject({ constantMs: 0, repeatedMs: 64_000 });
    const later = fold(varied(1000, 256), 250, old);
    expect(later).toMatchObject({ repeatedMs: 0 });
    expect(kept(later).length).toBeLessThanOrEqual(256 + 32);
  });

  test('continues after it was stored as JSON', () => {
    fc.assert(
      fc.property(anyFrames, anyFrames, (one, two) => {
        const stored = JSON.parse(JSON.stringify(fold(one))) as StaticReadings;
        expect(fold(two, 250, stored)).toEqual(fold([...one, ...two]));
      }),
    );
  });
});
