import { expect, test } from 'vitest';
import { GazePoints } from './gaze-points.ts';

const pointsOf = (...seen: [x: number, y: number, atMs: number][]): GazePoints => {
  const points = new GazePoints();
  for (const [x, y, atMs] of seen) points.add({ x, y }, atMs);
  return points;
};

test('a single stray point is passed over', () => {
  const points = pointsOf([100, 100, 0], [900, 20, 200], [104, 96, 400]);
  expect(points.now(400)).toEqual({ x: 104, y: 96 });
});

test('only the newest three count', () => {
  const points = pointsOf([0, 0, 0], [0, 0, 100], [500, 500, 200], [500, 500, 300], [510, 490, 400]);
  expect(points.now(400)).toEqual({ x: 500, y: 500 });
});

test('a point is given until the eyes should have been seen again, and then none', () => {
  const points = pointsOf([10, 20, 1000]);
  expect(points.now(2300)).toEqual({ x: 10, y: 20 });
  expect(points.now(2301)).toBeNull();
});

test('is null before the first, and after the eyes closed', () => {
  const points = pointsOf();
  expect(points.now(0)).toBeNull();
  points.add({ x: 1, y: 1 }, 0);
  points.clear();
  expect(points.now(0)).toBeNull();
});

test('a click uses readings from shortly before to just after it', () => {
  const points = pointsOf([0, 0, 500], [10, 10, 550], [20, 20, 1000], [30, 30, 1150], [99, 99, 1151]);
  expect(points.around(1000)).toEqual({ x: 20, y: 20 });
  expect(points.around(5000)).toBeNull();
});

test('keeps twenty points', () => {
  const points = new GazePoints();
  for (let at = 0; at < 30; at += 1) points.add({ x: at, y: 0 }, at * 10);
  expect(points.around(450 + 90)).toEqual({ x: 19.5, y: 0 });
  expect(points.around(0)).toEqual({ x: 12.5, y: 0 });
});
