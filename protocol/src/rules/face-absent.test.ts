import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, every, lookAt, opensAfterMs, runRule, timesOf } from '../../test/rule-run.ts';
import { faceAbsent } from './face-absent.ts';

const absent = { ...calm, face_present: 0, no_of_face: 0 } as const;

describe('face_absent', () => {
  test('opens after 1.2 s without a face', () => {
    expect(opensAfterMs(faceAbsent, absent)).toBe(1200);
  });

  test('continues through up to 1 s with a face, and closes after a longer one', () => {
    expect(bridgesMs(faceAbsent, absent, calm)).toBe(1000);
  });

  test('closes when it was last seen, not when that is noticed', () => {
    const { events } = runRule(faceAbsent, [...every(200, 0, 2000, absent), ...every(200, 2200, 5000, calm)]);
    expect(timesOf(events)).toEqual(['opened 0-1200', 'closed 0-2000']);
  });

  test.each([
    ['no face', { no_of_face: 0 }, 'seen'],
    ['no face by the documented flag alone', { face_present: 0 }, 'seen'],
    ['one face', { no_of_face: 1 }, 'clear'],
    ['two faces', { no_of_face: 2 }, 'clear'],
    ['the count, if flag and count disagree', { no_of_face: 1, face_present: 0 }, 'clear'],
    ['unknown faces', { no_of_face: null, face_present: null }, 'unknown'],
    ['no readings', {}, 'unknown'],
  ] as const)('%s', (_name, features, kind) => {
    expect(lookAt(faceAbsent, features).kind).toBe(kind);
  });

  test('does not open while the reading is unknown', () => {
    expect(opensAfterMs(faceAbsent, { not_observed: 'camera_lost' })).toBeNull();
  });

  test('alerts a proctor', () => {
    expect(faceAbsent.alert).toBe(true);
  });
});
