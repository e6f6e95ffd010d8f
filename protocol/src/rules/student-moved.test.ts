import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, emptyContext, knownContext, lookAt, opensAfterMs } from '../../test/rule-run.ts';
import { studentMoved } from './student-moved.ts';

/** The baseline's face is 128 px wide and centred in an image of 640 px. */
const movedBy = (faceWidths: number) => ({ ...calm, face_y: 240 + faceWidths * 128 });

describe('student_moved', () => {
  test('opens after 15 s and continues through up to 3 s', () => {
    expect(opensAfterMs(studentMoved, movedBy(3))).toBe(15_000);
    expect(bridgesMs(studentMoved, movedBy(3), calm)).toBe(3000);
  });

  test.each([
    [0, 'clear'],
    [2.49, 'clear'],
    [2.51, 'seen'],
    [-2.51, 'seen'],
  ])('%s face widths away is %s', (widths, kind) => {
    expect(lookAt(studentMoved, movedBy(widths)).kind).toBe(kind);
  });

  test('stays open down to 2 face widths', () => {
    expect(lookAt(studentMoved, movedBy(2.01), { active: true }).kind).toBe('seen');
    expect(lookAt(studentMoved, movedBy(1.99), { active: true }).kind).toBe('clear');
  });

  test('measures the distance in face widths, diagonally too', () => {
    const features = { ...calm, face_x: 320 + 3 * 128, face_y: 240 + 4 * 128 };
    expect(lookAt(studentMoved, features)).toMatchObject({ measured: { face_widths_from_usual: expect.closeTo(5) } });
  });

  test.each([
    ['position', { ...movedBy(3), face_x: null }],
    ['face width', { ...movedBy(3), face_w: null }],
    ['image width', { ...movedBy(3), image_width: 0 }],
    ['head', { ...movedBy(3), head_yaw: null }],
    ['person', { ...movedBy(3), no_of_face: 2 }],
  ])('is unknown if the %s is', (_name, features) => {
    expect(lookAt(studentMoved, features).kind).toBe('unknown');
  });

  test('is unknown without a position to compare with', () => {
    const unplaced = { ...knownContext, baseline: { head_yaw: 0, head_pitch: 0, place: null } };
    const flat = { ...unplaced, baseline: { ...unplaced.baseline, place: { face_x: 0, face_y: 0, face_w: 0 } } };
    for (const context of [emptyContext, unplaced, flat]) {
      expect(lookAt(studentMoved, movedBy(3), { context }).kind).toBe('unknown');
    }
  });
});
