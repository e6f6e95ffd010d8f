import { expect, test } from 'vitest';
import type { Features } from '@invigil/protocol/frame';
import { languages } from './language.ts';
import { readingRows } from './reading-rows.ts';
import { readingTexts } from './reading-texts.ts';

const english = (frame: Features): Record<string, string> => Object.fromEntries(readingRows(frame, 'en'));

test('shows the measurements with their units', () => {
  const frame: Features = {
    no_of_face: 2,
    head_yaw: 0.5,
    head_pitch: -0.1,
    gaze_direction: 'bottom_left',
    phone_present: 1,
    hand_count: 0,
    image_brightness: 0.456,
    engine_latency_ms: 61.7,
  };
  expect(english(frame)).toEqual({
    'Faces in view': '2',
    'Head turned / raised': '29° / -6°',
    Gaze: 'down left',
    Phone: 'in view',
    Hands: '0',
    Light: '46%',
    'Processing time': '62 ms',
  });
});

test('an empty frame is unknown in every line, never zero', () => {
  expect(Object.values(english({})).every((value) => value === 'unknown')).toBe(true);
  const nulls = { no_of_face: null, head_yaw: null, head_pitch: null, gaze_direction: null } as Features;
  expect(english(nulls)).toEqual(english({}));
});

test('a head with one known angle shows the other as unknown', () => {
  expect(english({ head_yaw: 0 })['Head turned / raised']).toBe('0° / unknown');
  expect(english({ head_pitch: 0.1 })['Head turned / raised']).toBe('unknown / 6°');
});

test('no phone is something that is known', () => {
  expect(english({ phone_present: 0 })['Phone']).toBe('not in view');
});

test.each(languages)('has the same lines in the same order in %s', (language) => {
  const { readings } = readingTexts[language];
  const { faces, head, gaze, phone, hands, light, speed } = readings;
  expect(readingRows({}, language).map(([name]) => name)).toEqual([faces, head, gaze, phone, hands, light, speed]);
});
