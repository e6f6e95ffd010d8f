import { describe, expect, test } from 'vitest';
import { fromRegion, mapSide, meshRegion, sampleLength, sampleSide, sampleRegion } from './mesh-region.ts';

/** Corners of a rectangle around (96, 80), 40 wide and 20 high, rotated; the first two lie on its axis. */
const mesh = (angle: number): Float32Array => {
  const corners = [
    [-20, 0],
    [20, 0],
    [0, -10],
    [0, 10],
  ];
  return Float32Array.from(
    corners.flatMap(([u = 0, v = 0]) => [
      96 + u * Math.cos(angle) - v * Math.sin(angle),
      80 + u * Math.sin(angle) + v * Math.cos(angle),
      0,
    ]),
  );
};

describe('region of a mesh head', () => {
  test.each([0, 0.4, -1.2])('is centred on its points and half as large again, at %f rad', (angle) => {
    const region = meshRegion(mesh(angle), [0, 1, 2, 3], [0, 1]);
    // A head's points are in a sample of 64 × 64 pixels of the input's scale.
    const [x, y] = fromRegion(region, 32, 32);
    expect([x, y]).toEqual([expect.closeTo(96, 3), expect.closeTo(80, 3)]);
    const [edgeX, edgeY] = fromRegion(region, 64, 32);
    expect(Math.hypot(edgeX - 96, edgeY - 80)).toBeCloseTo(30, 3);
  });

  test('samples the map where the region lies, and zero outside of it', () => {
    const map = Float32Array.from({ length: mapSide * mapSide * 2 }, (_, i) =>
      i % 2 === 0 ? Math.floor(i / 2) % mapSide : 7,
    );
    const region = meshRegion(mesh(0), [0, 1, 2, 3], [0, 1]);
    const used = (): Float32Array => new Float32Array(sampleLength(2)).fill(9);
    const sample = sampleRegion(used(), map, region);
    const middle = ((sampleSide / 2) * sampleSide + sampleSide / 2) * 2;
    // The centre is at 96 / 4 cells, minus half a cell because values belong to the middles of cells. The sample is
    // read half a sample cell to the right.
    expect(sample[middle]).toBeCloseTo(24 - 0.5 + (0.5 * 15) / 16, 3);
    expect(sample[middle + 1]).toBeCloseTo(7);
    const outside = meshRegion(
      mesh(0).map((value) => value + 400),
      [0, 1, 2, 3],
      [0, 1],
    );
    expect(sampleRegion(used(), map, outside).every((value) => value === 0)).toBe(true);
  });
});
