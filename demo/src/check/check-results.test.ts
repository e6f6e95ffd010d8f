import { expect, test } from 'vitest';
import type { Reading } from './camera-check.ts';
import { checkResults } from './check-results.ts';

const camera = { state: 'on', label: 'Webcam', widthPx: 640, heightPx: 480 } as never;
const reading = (change: object = {}): Reading =>
  ({
    timestamp: 5000,
    image_brightness: 0.5,
    image_sharpness: 0.5,
    no_of_face: 1,
    image_width: 640,
    face_w: 150,
    face_x: 320,
    ...change,
  }) as unknown as Reading;

test('rates each item of the check, and stores no readings', () => {
  const history = [
    reading({ timestamp: 3000 }),
    ...Array.from({ length: 9 }, (_, at) => reading({ timestamp: 3200 + at * 200 })),
  ];
  expect(checkResults(camera, history, { state: 'calibrated' } as never)).toEqual({
    items: { camera: 'good', light: 'good', position: 'good', image: 'good', speed: 'good', connection: 'good' },
    calibrated: true,
  });
});

test('distinguishes a problem from a missing reading', () => {
  const { items, calibrated } = checkResults(
    { state: 'lost' } as never,
    [reading({ image_brightness: 0.05, no_of_face: null, image_sharpness: null })],
    { state: 'none' } as never,
  );
  expect(items).toMatchObject({
    camera: 'attention',
    light: 'attention',
    position: 'unknown',
    image: 'unknown',
    speed: 'unknown',
  });
  expect(calibrated).toBe(false);
});
