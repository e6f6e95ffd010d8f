import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { featureEntries } from './feature-entries.ts';
import { FeatureFrameSchema } from './feature-frame.ts';
import { unknownReasons } from './feature-vocabulary.ts';
import { arePlainReadings, isPlainFrame } from './plain-frame.ts';

const frame = {
  seq: 7,
  timestamp: 1_780_000_000_000,
  face_present: 1,
  no_of_face: 1,
  face_x: 320.4,
  head_yaw: -0.1,
  head_pose: 'forward',
  gaze_direction: null,
  phone_present: 0,
  eye_open_left: 0.7,
  image_width: 640,
  engine_backend: 'wasm',
  unknown: { gaze: 'not_due' },
};

/** Values near the edges of what fields allow, and values that no field allows. */
const value = fc.oneof(
  fc.constantFrom(null, 0, 1, -1, 0.5, 2, 100, 101, Math.PI, 4, 1e7, 1e20, 'forward', 'center', 'wasm', '', true),
  fc.constantFrom<unknown>([], {}, { gaze: 'not_due' }, { gaze: 'why' }, { ears: 'not_due' }, [{ type: 'COPY' }]),
  fc.constantFrom(...unknownReasons),
  fc.double(),
  fc.jsonValue(),
);
const name = fc.constantFrom('seq', 'timestamp', '__proto__', 'constructor', 'other', ...Object.keys(featureEntries));

describe('plain frames', () => {
  test('a frame as the engine sends it is plain', () => {
    expect(isPlainFrame(structuredClone(frame))).toBe(true);
  });

  test('accepts only frames that the schema returns unchanged', () => {
    let plain = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 3 }), (changes) => {
        // Round-trips the value through JSON, because every frame arrives as JSON: NaN and Infinity become null.
        const text = JSON.stringify(Object.fromEntries([...Object.entries(frame), ...changes]));
        if (!isPlainFrame(JSON.parse(text) as Record<string, unknown>)) return;
        plain += 1;
        const parsed = v.safeParse(FeatureFrameSchema, JSON.parse(text));
        expect(parsed.success).toBe(true);
        expect(parsed.output).toEqual(JSON.parse(text));
      }),
      { numRuns: 5000 },
    );
    expect(plain).toBeGreaterThan(500);
  });

  test('accepts only readings that their schema returns unchanged', () => {
    const { seq: _seq, ...readings } = frame;
    const schema = v.object({ ...featureEntries, timestamp: v.number() });
    let plain = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 3 }), (changes) => {
        const text = JSON.stringify(Object.fromEntries([...Object.entries(readings), ...changes]));
        if (!arePlainReadings(JSON.parse(text))) return;
        plain += 1;
        const parsed = v.safeParse(schema, JSON.parse(text));
        expect(parsed.success).toBe(true);
        expect(parsed.output).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
    expect(plain).toBeGreaterThan(200);
    for (const other of [null, [], 'text', frame]) expect(arePlainReadings(other)).toBe(false);
  });

  test.each(['seq', 'timestamp'])('a frame without its %s is not', (missing) => {
    const { [missing as 'seq']: _gone, ...rest } = frame;
    expect(isPlainFrame(rest)).toBe(false);
  });

  test.each([
    ['an unknown field', { secret: 1 }],
    ['a value out of range', { head_yaw: 4 }],
    ['a time as text', { timestamp: '2026-01-05T09:00:00Z' }],
    ['violations', { page_violations: [] }],
    ['a group that does not exist', { unknown: { ears: 'not_due' } }],
  ])('a frame with %s is left to the schema', (_what, change) => {
    expect(isPlainFrame({ ...frame, ...change })).toBe(false);
  });
});
