import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limits } from '../frame/limits.ts';
import { readSessionMessage } from './read-session-message.ts';

const documented = {
  face_present: 1,
  no_of_face: 1,
  face_x: 260,
  face_y: 312,
  face_w: 150,
  face_h: 150,
  face_conf: 88,
  head_yaw: 0.01,
  head_pitch: 0.018,
  head_roll: -0.0005,
  head_pose: 'forward',
  gaze_on_script: 0,
  gaze_direction: 'bottom_right',
  gazePoint_x: 500,
  gazePoint_y: 400,
  phone_present: 1,
  phone_conf: 87,
  hand_count: 1,
};
/** Round-trips the value through JSON, because every message arrives as JSON. */
const parse = (message: unknown) => readSessionMessage(JSON.parse(JSON.stringify(message)));

describe('the documented shapes', () => {
  test.each([
    ['extracted_features', { extracted_features: documented }],
    ['type frame', { type: 'frame', payload: documented }],
    ['raw with session_id', { session_id: 'demo_session', ...documented }],
    ['frame_data of the example', { frame_data: { session_id: 'demo_session', ...documented } }],
  ])('%s keeps every documented field', (_name, message) => {
    const parsed = parse(message);
    expect(parsed).toEqual({ kind: 'single', features: documented, timestamp: null });
  });

  test('takes a timestamp in ISO 8601 or milliseconds', () => {
    const iso = '2026-01-18T10:30:00.000Z';
    const stamps = [iso, Date.parse(iso)].map((timestamp) =>
      parse({ extracted_features: { face_present: 1, timestamp } }),
    );
    for (const parsed of stamps) expect(parsed).toMatchObject({ kind: 'single', timestamp: Date.parse(iso) });
  });

  test('drops fields that it does not know, and keeps null as unknown', () => {
    const parsed = parse({ extracted_features: { face_present: null, mood: 'sad' } });
    expect(parsed).toEqual({ kind: 'single', features: { face_present: null }, timestamp: null });
  });
});

describe('bad input', () => {
  test.each([
    ['a string', '"hello"', 'INVALID_MESSAGE', undefined],
    ['null', 'null', 'INVALID_MESSAGE', undefined],
    ['an array', '[]', 'INVALID_MESSAGE', undefined],
    ['raw without session_id', '{"face_present":1}', 'INVALID_MESSAGE', 'type'],
    ['unknown type', '{"type":"dance"}', 'INVALID_MESSAGE', 'type'],
    ['features not an object', '{"extracted_features":3}', 'INVALID_FRAME', 'extracted_features'],
    ['no known field', '{"extracted_features":{"mood":1}}', 'INVALID_FRAME', 'extracted_features'],
    ['wrong type', '{"extracted_features":{"face_x":"left"}}', 'INVALID_FRAME', 'face_x'],
    ['out of range', '{"extracted_features":{"face_conf":101}}', 'INVALID_FRAME', 'face_conf'],
    ['bad timestamp', '{"extracted_features":{"face_x":1,"timestamp":"noon"}}', 'INVALID_FRAME', 'timestamp'],
    ['infinity', '{"extracted_features":{"face_x":1e999}}', 'INVALID_FRAME', 'face_x'],
    ['losses below zero', '{"type":"losses","counts":{"outbox_full":-1}}', 'INVALID_MESSAGE', 'counts.outbox_full'],
  ])('%s has a code and names the field', (_name, text, code, field) => {
    const parsed = readSessionMessage(JSON.parse(text));
    expect(parsed.kind).toBe('invalid');
    if (parsed.kind !== 'invalid') return;
    expect(parsed.problem.code).toBe(code);
    expect(parsed.problem.field).toBe(field);
  });

  test('refuses ten thousand extra fields', () => {
    const extra = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`x${i}`, i]));
    expect(parse({ extracted_features: { face_present: 1, ...extra } })).toMatchObject({
      kind: 'invalid',
      problem: { code: 'TOO_MANY_FIELDS' },
    });
  });

  test('refuses too long a batch', () => {
    const frames = Array.from({ length: limits.framesPerBatch + 1 }, (_, seq) => ({ seq, timestamp: seq }));
    expect(parse({ type: 'batch', frames })).toMatchObject({ problem: { code: 'TOO_MANY_FRAMES' } });
  });

  test('rejects only the bad frames of a batch, naming index, seq and field', () => {
    const parsed = parse({
      type: 'batch',
      frames: [
        { seq: 4, timestamp: 1, no_of_face: 1 },
        { seq: 5, timestamp: 2, no_of_face: 'one' },
        { seq: 6, timestamp: 3, no_of_face: 1 },
        7,
      ],
    });
    if (parsed.kind !== 'batch') throw new Error(parsed.kind);
    expect(parsed.frames.map((frame) => frame.seq)).toEqual([4, 6]);
    expect(parsed.rejected).toMatchObject([{ index: 1, seq: 5, field: 'frames.1.no_of_face' }, { index: 3 }]);
  });

  test('never throws and never changes a prototype', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        readSessionMessage(JSON.parse(text));
      }),
    );
    const parsed = readSessionMessage(JSON.parse('{"extracted_features":{"face_present":1,"__proto__":{"admin":1}}}'));
    if (parsed.kind !== 'single') throw new Error(parsed.kind);
    expect(Object.getPrototypeOf(parsed.features)).toBe(Object.prototype);
    expect('admin' in parsed.features).toBe(false);
  });
});
