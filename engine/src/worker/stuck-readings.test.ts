import { beforeEach, describe, expect, test } from 'vitest';
import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import { StuckReadings } from './stuck-readings.ts';

const face: FeatureReadings = {
  face_present: 1,
  face_x: 320.4,
  face_y: 200.1,
  face_w: 150.2,
  head_yaw: 0.1234,
  head_pitch: -0.0212,
  head_roll: 0.0034,
  image_frozen_for_ms: 0,
};

let stuck: StuckReadings;
const times = (count: number, readings: (i: number) => FeatureReadings): boolean[] =>
  Array.from({ length: count }, (_, i) => stuck.update(readings(i)));

beforeEach(() => {
  stuck = new StuckReadings();
});

describe('stuck readings', () => {
  test('a face that is identical to the last digit, image after image, means a worker that hangs', () => {
    expect(times(16, () => face).indexOf(true)).toBe(15);
  });

  test('a face that moves by a tenth of a pixel does not', () => {
    expect(times(100, (i) => ({ ...face, face_x: 320 + (i % 2) / 10 }))).not.toContain(true);
  });

  test('a frozen image, or one from a loop, explains identical readings', () => {
    expect(times(100, () => ({ ...face, image_frozen_for_ms: 400 }))).not.toContain(true);
    expect(times(100, () => ({ ...face, image_replayed: 1 }))).not.toContain(true);
  });

  test('an empty room has the same readings all the time', () => {
    expect(times(100, () => ({ face_present: 0, image_frozen_for_ms: 0 }))).not.toContain(true);
  });

  test('a face without angles is not enough', () => {
    expect(times(100, () => ({ ...face, head_yaw: null }))).not.toContain(true);
  });

  test('a reset restarts the count', () => {
    times(10, () => face);
    stuck.reset();
    expect(times(15, () => face)).not.toContain(true);
  });
});
