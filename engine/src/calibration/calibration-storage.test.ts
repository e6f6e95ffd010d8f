// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { calibrationStorage } from './calibration-storage.ts';
import type { GazeCalibration } from './gaze-calibration.ts';
import { featurePenalties } from './gaze-features.ts';

const hourMs = 3_600_000;
const nowMs = 1_800_000_000_000;
const calibration: GazeCalibration = {
  weights: featurePenalties.flatMap((_, at) => [at, 1 - at]),
  errorPx: 60,
  samples: 90,
  targets: 9,
  atMs: nowMs,
  viewport: { widthPx: 1280, heightPx: 700, screenXPx: 0, screenYPx: 0, windowHeightPx: 800, pixelRatio: 1 },
  usual: { headYawRad: 0, headPitchRad: 0, headXCm: 0, headYCm: 0, headZCm: 60 },
  drift: { x: 3, y: -4 },
};

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

test('gives the calibration to the next page of this tab, for its own session only', () => {
  calibrationStorage.write('s', calibration);
  expect(calibrationStorage.read('s', nowMs)).toMatchObject(calibration);
  expect(calibrationStorage.read('other', nowMs)).toBeNull();
});

test('forgets it on request', () => {
  calibrationStorage.write('s', calibration);
  calibrationStorage.write('s', null);
  expect(calibrationStorage.read('s', nowMs)).toBeNull();
  expect(sessionStorage.length).toBe(0);
});

test('a calibration is good for six hours', () => {
  calibrationStorage.write('s', calibration);
  expect(calibrationStorage.read('s', nowMs + 6 * hourMs - 1)).not.toBeNull();
  expect(calibrationStorage.read('s', nowMs + 6 * hourMs)).toBeNull();
});

test.each([
  ['no JSON', 'not json'],
  ['null', 'null'],
  ['another version', JSON.stringify({ ...calibration, version: 99 })],
  ['fewer weights', JSON.stringify({ ...calibration, version: 1, weights: [1, 2, 3] })],
  ['a weight that is no number', JSON.stringify({ ...calibration, version: 1, weights: Array(26).fill(null) })],
])('takes %s in its place as no calibration', (_kind, text) => {
  calibrationStorage.write('s', calibration);
  const key = sessionStorage.key(0) ?? '';
  expect(calibrationStorage.read('s', nowMs)).not.toBeNull();
  sessionStorage.setItem(key, text);
  expect(calibrationStorage.read('s', nowMs)).toBeNull();
});

test('a page that may not use storage continues without it', () => {
  const denied = (): never => {
    throw new DOMException('denied', 'SecurityError');
  };
  vi.stubGlobal('sessionStorage', { getItem: denied, setItem: denied, removeItem: denied });
  expect(() => calibrationStorage.write('s', calibration)).not.toThrow();
  expect(calibrationStorage.read('s', nowMs)).toBeNull();
});
