import { describe, expect, test } from 'vitest';
import { assessLight, assessPosition, assessSight, assessSpeed, rateHz } from './assessment.ts';
import type { Reading } from './camera-check.ts';

const reading = (more: Partial<Reading> = {}): Reading => ({
  timestamp: 0,
  no_of_face: 1,
  face_x: 320,
  face_w: 160,
  image_width: 640,
  image_brightness: 0.5,
  image_sharpness: 0.5,
  image_obstructed: 0,
  image_frozen: 0,
  ...more,
});

describe('the camera check', () => {
  test('finds nothing to improve in a good image', () => {
    for (const assess of [assessLight, assessPosition, assessSight]) {
      expect(assess(reading())).toEqual({ outcome: 'good', good: true });
    }
  });

  test.each([
    ['a dark room', assessLight, { image_brightness: 0.05 }, 'dark'],
    ['a washed-out image', assessLight, { image_brightness: 0.95 }, 'bright'],
    ['nobody', assessPosition, { no_of_face: 0 }, 'none'],
    ['two people', assessPosition, { no_of_face: 2 }, 'several'],
    ['a small face', assessPosition, { face_w: 40 }, 'far'],
    ['a huge face', assessPosition, { face_w: 500 }, 'near'],
    ['a face at the side', assessPosition, { face_x: 60 }, 'aside'],
    ['a covered camera', assessSight, { image_obstructed: 1 as const }, 'covered'],
    ['a frozen image', assessSight, { image_frozen: 1 as const }, 'frozen'],
  ])('names %s', (_, assess, more, outcome) => {
    expect(assess(reading(more))).toEqual({ outcome, good: false });
  });

  test('leaves unknown readings unjudged', () => {
    const unknown = { image_brightness: null, no_of_face: null, image_sharpness: null };
    for (const assess of [assessLight, assessPosition, assessSight]) expect(assess(reading(unknown))).toBeNull();
    expect(assessPosition(reading({ face_w: null }))).toBeNull();
  });

  test('treats a brightness of zero as dark, not as unknown', () => {
    expect(assessLight(reading({ image_brightness: 0 }))?.outcome).toBe('dark');
  });

  test('measures the pace after a second of readings', () => {
    const every200Ms = Array.from({ length: 11 }, (_, index) => reading({ timestamp: index * 200 }));
    expect(rateHz(every200Ms)).toBe(5);
    expect(rateHz(every200Ms.slice(0, 3))).toBeNull();
    expect(assessSpeed(2)?.good).toBe(false);
    expect(assessSpeed(null)).toBeNull();
  });
});
