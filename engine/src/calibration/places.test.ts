import fc from 'fast-check';
import { expect, test } from 'vitest';
import { examAreaNow, isInArea } from './exam-area.ts';
import { distancePx, median } from './gaze-sample.ts';
import { fourTargets, nineTargets, pursuitTarget } from './target-plan.ts';
import { degreesOf } from './viewing-angle.ts';
import { movedPoint } from './viewport-place.ts';
import type { ViewportPlace } from './viewport-place.ts';

const viewport: ViewportPlace = {
  widthPx: 1280,
  heightPx: 700,
  screenXPx: 100,
  screenYPx: 50,
  windowHeightPx: 800,
  pixelRatio: 1,
};

test('the exam’s area is the whole viewport by default', () => {
  const whole = { x: 0, y: 0, width: 1280, height: 700 };
  expect(examAreaNow(undefined, viewport)).toEqual(whole);
  expect(examAreaNow(() => null, viewport)).toEqual(whole);
  const area = { x: 10, y: 20, width: 300, height: 400 };
  expect(examAreaNow(area, viewport)).toBe(area);
  expect(examAreaNow(() => area, viewport)).toBe(area);
});

test('the calibration’s error is in the student’s favour on every side', () => {
  const area = { x: 100, y: 100, width: 200, height: 100 };
  for (const [x, y, expected] of [
    [200, 150, true],
    [50, 150, true],
    [49, 150, false],
    [350, 150, true],
    [351, 150, false],
    [200, 50, true],
    [200, 49, false],
    [200, 250, true],
    [200, 251, false],
  ] as const) {
    expect(isInArea({ x, y }, area, 50)).toBe(expected);
  }
});

test('the median of nothing is no number, and of an even count the middle of the middle', () => {
  expect(median([])).toBeNaN();
  expect(median([9])).toBe(9);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 2])).toBe(3.5);
});

test('outliers do not move the median', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 5, maxLength: 20 }), (values) => {
      const strays = Array.from({ length: Math.floor((values.length - 1) / 2) }, () => 1e9);
      expect(median([...values, ...strays])).toBeLessThanOrEqual(10);
    }),
  );
});

test('distances are those of a ruler', () => {
  expect(distancePx({ x: 0, y: 0 }, { x: 3, y: 4 })).toBe(5);
});

test('a centimetre at 60 cm is nearly a degree', () => {
  expect(degreesOf(96 / 2.54)).toBeCloseTo(0.955, 3);
  expect(degreesOf(0)).toBe(0);
});

test('targets lie within the screen, and the nine of them in each corner and edge', () => {
  for (const { x, y } of [...nineTargets, ...fourTargets]) {
    expect(Math.min(x, y)).toBeGreaterThan(0);
    expect(Math.max(x, y)).toBeLessThan(1);
  }
  const places = new Set(nineTargets.map(({ x, y }) => `${Math.round(x * 2)} ${Math.round(y * 2)}`));
  expect(places.size).toBe(9);
});

test('the eyes travel from one target to the next, so that lagging behind shows', () => {
  const steps = nineTargets.slice(1).map((target, at) => distancePx(target, nineTargets[at]!));
  expect(Math.min(...steps)).toBeGreaterThan(0.4);
});

test('the moving target stays on the screen, is smooth, and ends where it began', () => {
  const path = Array.from({ length: 401 }, (_, step) => pursuitTarget(step / 400));
  for (const { x, y } of path) expect([x, y].every((share) => share > 0.05 && share < 0.95)).toBe(true);
  const steps = path.slice(1).map((point, at) => distancePx(point, path[at]!));
  expect(Math.max(...steps)).toBeLessThan(0.02);
  expect(distancePx(path[0]!, path.at(-1)!)).toBeCloseTo(0, 9);
});

test('a point stays at its place on the screen when the window is moved', () => {
  const moved = { ...viewport, screenXPx: 160, screenYPx: 20 };
  expect(movedPoint({ x: 500, y: 300 }, viewport, moved)).toEqual({ x: 440, y: 330 });
});

test('a zoomed page has fewer CSS pixels for the same place', () => {
  const zoomed = { ...viewport, pixelRatio: 2, widthPx: 640, heightPx: 350 };
  expect(movedPoint({ x: 500, y: 300 }, viewport, zoomed)).toEqual({ x: 250, y: 150 });
});

test('moving there and back leaves every point where it was', () => {
  const offset = fc.integer({ min: -300, max: 300 });
  fc.assert(
    fc.property(fc.nat(1280), fc.nat(700), offset, offset, fc.constantFrom(1, 1.25, 2), (x, y, dx, dy, zoom) => {
      const other: ViewportPlace = {
        ...viewport,
        screenXPx: viewport.screenXPx + dx,
        screenYPx: viewport.screenYPx + dy,
        pixelRatio: zoom,
        widthPx: viewport.widthPx / zoom,
        heightPx: viewport.heightPx / zoom,
      };
      const there = movedPoint({ x, y }, viewport, other);
      // On the way back, the other viewport is the one with zoom 1.
      const scale = 1 / zoom;
      expect(there.x).toBeCloseTo((x - dx) * scale, 6);
      expect(there.y).toBeCloseTo((y - dy) * scale, 6);
    }),
  );
});
