import fc from 'fast-check';
import { expect, test } from 'vitest';
import { angleBetweenRad, fitRigid } from './rigid-fit.ts';
import type { Points, Rotation } from './rigid-fit.ts';

type Vector = readonly [number, number, number];

const identity: Rotation = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** A turn about an axis (Rodrigues). */
const turn = ([x, y, z]: Vector, angle: number): Rotation => {
  const length = Math.hypot(x, y, z);
  const [u, v, w] = [x / length, y / length, z / length];
  const [c, s, k] = [Math.cos(angle), Math.sin(angle), 1 - Math.cos(angle)];
  return [
    ...([c + u * u * k, u * v * k - w * s, u * w * k + v * s] as const),
    ...([v * u * k + w * s, c + v * v * k, v * w * k - u * s] as const),
    ...([w * u * k - v * s, w * v * k + u * s, c + w * w * k] as const),
  ];
};

const applied = (r: Rotation, [x, y, z]: Vector, scale: number, [dx, dy, dz]: Vector): Vector => [
  scale * (r[0] * x + r[1] * y + r[2] * z) + dx,
  scale * (r[3] * x + r[4] * y + r[5] * z) + dy,
  scale * (r[6] * x + r[7] * y + r[8] * z) + dz,
];

/** Points that span all three dimensions, and are not symmetric. */
const shape: Points = [
  [0, 0, 0],
  [4, 0, 1],
  [0, 5, -1],
  [1, 2, 6],
  [-3, 1, 2],
  [2, -4, 0.5],
];
const weights = [1, 2, 0.5, 1, 3, 1];

const direction = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }))
  .map(([x, y]): Vector => [x, y, 1 - Math.abs(x) / 2]);

test('finds any turn, size and place again', () => {
  const angles = fc.double({ min: -3.1, max: 3.1, noNaN: true });
  const scales = fc.double({ min: 0.05, max: 50, noNaN: true });
  const shifts = fc.tuple(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -900, max: 900 }));
  fc.assert(
    fc.property(direction, angles, scales, shifts, (axis, angle, scale, [dx, dy]) => {
      const rotation = turn(axis, angle);
      const fit = fitRigid(
        shape,
        shape.map((point) => applied(rotation, point, scale, [dx, dy, 7])),
        weights,
      );
      expect(angleBetweenRad(fit.rotation, rotation)).toBeLessThan(1e-5);
      expect(fit.scale / scale).toBeCloseTo(1, 6);
      expect(fit.residual / scale).toBeLessThan(1e-4);
    }),
  );
});

test('is always a rotation, never a mirror image', () => {
  const mirrored = shape.map(([x, y, z]): Vector => [-x, y, z]);
  const { rotation: r, residual } = fitRigid(shape, mirrored, weights);
  const determinant =
    r[0] * (r[4] * r[8] - r[5] * r[7]) - r[1] * (r[3] * r[8] - r[5] * r[6]) + r[2] * (r[3] * r[7] - r[4] * r[6]);
  expect(determinant).toBeCloseTo(1, 9);
  expect(residual).toBeGreaterThan(0.5);
});

test('a point without weight changes nothing', () => {
  const moved = shape.map((point, index): Vector => (index === 3 ? [99, -99, 99] : point));
  const fit = fitRigid(shape, moved, [1, 1, 1, 0, 1, 1]);
  expect(angleBetweenRad(fit.rotation, identity)).toBeLessThan(1e-6);
  expect(fit.residual).toBeLessThan(1e-6);
});

test('the residual is the distance that remains', () => {
  const square: Points = [
    [1, 1, 0],
    [-1, 1, 0],
    [-1, -1, 0],
    [1, -1, 0],
  ];
  // Corners move in and out alternately, which no rotation or scale can follow.
  const bent = square.map(([x, y], index): Vector => [x, y, index % 2 === 0 ? 0.3 : -0.3]);
  expect(fitRigid(square, bent, [1, 1, 1, 1]).residual).toBeCloseTo(0.3, 6);
});

test('the angle between two turns is that of the turn from one to the other', () => {
  const axis: Vector = [1, 2, 3];
  expect(angleBetweenRad(turn(axis, 0.3), turn(axis, 1.1))).toBeCloseTo(0.8, 9);
  expect(angleBetweenRad(identity, turn(axis, -2))).toBeCloseTo(2, 9);
  expect(angleBetweenRad(turn(axis, 0.4), turn(axis, 0.4))).toBeCloseTo(0, 6);
});
