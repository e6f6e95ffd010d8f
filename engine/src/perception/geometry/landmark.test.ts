import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intersectionOverUnion, overlapOfSmaller, shareInside, widened } from './landmark.ts';
import type { BoxPx } from './landmark.ts';

const box = (x: number, y: number, width: number, height: number): BoxPx => ({ x, y, width, height });
const side = fc.integer({ min: 1, max: 60 });
const place = fc.integer({ min: -40, max: 40 });
const boxes = fc.tuple(place, place, side, side).map((parts) => box(...parts));

/** The same by counting whole pixels, which is exact for boxes with whole coordinates. */
const counted = (a: BoxPx, b: BoxPx): { shared: number; union: number } => {
  const isIn = ({ x, y, width, height }: BoxPx, px: number, py: number): boolean =>
    px >= x && px < x + width && py >= y && py < y + height;
  let [shared, union] = [0, 0];
  for (let y = Math.min(a.y, b.y); y < Math.max(a.y + a.height, b.y + b.height); y += 1) {
    for (let x = Math.min(a.x, b.x); x < Math.max(a.x + a.width, b.x + b.width); x += 1) {
      const [inA, inB] = [isIn(a, x, y), isIn(b, x, y)];
      shared += Number(inA && inB);
      union += Number(inA || inB);
    }
  }
  return { shared, union };
};

test('boxes that only touch share nothing', () => {
  expect(intersectionOverUnion(box(0, 0, 10, 10), box(10, 0, 10, 10))).toBe(0);
  expect(overlapOfSmaller(box(0, 0, 10, 10), box(0, 10, 10, 10))).toBe(0);
});

test('a box in a larger one lies wholly inside, and hardly overlaps with all of it', () => {
  const [inner, outer] = [box(20, 20, 10, 10), box(0, 0, 100, 100)];
  expect(overlapOfSmaller(inner, outer)).toBe(1);
  expect(shareInside(inner, outer)).toBe(1);
  expect(shareInside(outer, inner)).toBeCloseTo(0.01);
  expect(intersectionOverUnion(inner, outer)).toBeCloseTo(0.01);
});

test('an empty box overlaps with nothing, instead of being no number', () => {
  const nothing = box(5, 5, 0, 0);
  for (const measure of [intersectionOverUnion, overlapOfSmaller, shareInside]) {
    expect(measure(nothing, box(0, 0, 10, 10))).toBe(0);
    expect(measure(nothing, nothing)).toBe(0);
  }
});

test('agrees with counting pixels', () => {
  fc.assert(
    fc.property(boxes, boxes, (a, b) => {
      const { shared, union } = counted(a, b);
      expect(intersectionOverUnion(a, b)).toBeCloseTo(shared / union, 10);
      expect(shareInside(a, b)).toBeCloseTo(shared / (a.width * a.height), 10);
      expect(overlapOfSmaller(a, b)).toBeCloseTo(shared / Math.min(a.width * a.height, b.width * b.height), 10);
    }),
    { numRuns: 40 },
  );
});

test('does not depend on the order, nor on where the boxes are, and is 1 for a box with itself', () => {
  fc.assert(
    fc.property(boxes, boxes, place, (a, b, shift) => {
      const moved = ({ x, ...rest }: BoxPx): BoxPx => ({ ...rest, x: x + shift });
      expect(intersectionOverUnion(a, b)).toBe(intersectionOverUnion(b, a));
      expect(overlapOfSmaller(a, b)).toBe(overlapOfSmaller(b, a));
      expect(intersectionOverUnion(moved(a), moved(b))).toBeCloseTo(intersectionOverUnion(a, b), 10);
      expect(intersectionOverUnion(a, a)).toBe(1);
      // Overlap with the smaller box is never less than with both together.
      expect(overlapOfSmaller(a, b)).toBeGreaterThanOrEqual(intersectionOverUnion(a, b));
    }),
  );
});

test('widens on every side by a share of its size, around the same middle', () => {
  expect(widened(box(10, 20, 100, 50), 0.1)).toEqual(box(0, 15, 120, 60));
  fc.assert(
    fc.property(boxes, fc.double({ min: 0, max: 2, noNaN: true }), (a, share) => {
      const wide = widened(a, share);
      expect(wide.x + wide.width / 2).toBeCloseTo(a.x + a.width / 2, 6);
      expect(wide.y + wide.height / 2).toBeCloseTo(a.y + a.height / 2, 6);
      expect(shareInside(a, wide)).toBeCloseTo(1, 6);
    }),
  );
});
