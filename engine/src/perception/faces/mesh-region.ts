/**
 * The region of one head of the attention mesh: a rotated rectangle of the trunk's feature map, and the mapping back
 * from it.
 */
export interface MeshRegion {
  /** Linear part, row by row, and translation: from points of the 16 × 16 sample to points of the map. */
  linear: readonly [number, number, number, number];
  shift: readonly [number, number];
}

/** Side of the feature map, in cells, and pixels of the mesh's input in one of them. */
export const mapSide = 48;
const pxPerCell = 4;
/** Side of a head's input. */
export const sampleSide = 16;
/** The bounding rectangle of the points, enlarged by half. */
const margin = 1.5;

/**
 * @param mesh x, y, z of each point, in pixels of the mesh's input. @param points those that the region contains.
 * @param axis two points; the rectangle is parallel to the line from the first to the second.
 */
export const meshRegion = (
  mesh: Float32Array,
  points: ArrayLike<number>,
  axis: readonly [number, number],
): MeshRegion => {
  const at = (point: number): [number, number] => [mesh[point * 3]! / pxPerCell, mesh[point * 3 + 1]! / pxPerCell];
  const [from, to] = [at(axis[0]), at(axis[1])];
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    const [x, y] = at(points[i]!);
    const [u, v] = [cos * x + sin * y, cos * y - sin * x];
    left = Math.min(left, u);
    right = Math.max(right, u);
    top = Math.min(top, v);
    bottom = Math.max(bottom, v);
  }
  const [u, v] = [(left + right) / 2, (top + bottom) / 2];
  const [scaleX, scaleY] = [((right - left) * margin) / sampleSide, ((bottom - top) * margin) / sampleSide];
  const linear = [cos * scaleX, -sin * scaleY, sin * scaleX, cos * scaleY] as const;
  const half = sampleSide / 2;
  return {
    linear,
    shift: [cos * u - sin * v - (linear[0] + linear[1]) * half, sin * u + cos * v - (linear[2] + linear[3]) * half],
  };
};

/** Values of a head's input. */
export const sampleLength = (channels: number): number => sampleSide * sampleSide * channels;

/**
 * Bilinear sample of a feature map [48, 48, channels]; zero outside of it.
 * @param sample is overwritten and returned.
 */
export const sampleRegion = (sample: Float32Array, map: Float32Array, { linear, shift }: MeshRegion): Float32Array => {
  const channels = sample.length / (sampleSide * sampleSide);
  sample.fill(0);
  for (let row = 0; row < sampleSide; row++) {
    for (let column = 0; column < sampleSide; column++) {
      const x = linear[0] * (column + 0.5) + linear[1] * (row + 0.5) + shift[0] - 0.5;
      const y = linear[2] * (column + 0.5) + linear[3] * (row + 0.5) + shift[1] - 0.5;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const target = sample.subarray(
        (row * sampleSide + column) * channels,
        (row * sampleSide + column + 1) * channels,
      );
      addCell(target, map, left, top, (left + 1 - x) * (top + 1 - y));
      addCell(target, map, left + 1, top, (x - left) * (top + 1 - y));
      addCell(target, map, left, top + 1, (left + 1 - x) * (y - top));
      addCell(target, map, left + 1, top + 1, (x - left) * (y - top));
    }
  }
  return sample;
};

/** From a point that a head found, in pixels of its sample at the input's scale, to pixels of the mesh's input. */
export const fromRegion = ({ linear, shift }: MeshRegion, x: number, y: number): [x: number, y: number] => [
  linear[0] * x + linear[1] * y + shift[0] * pxPerCell,
  linear[2] * x + linear[3] * y + shift[1] * pxPerCell,
];

const addCell = (target: Float32Array, map: Float32Array, cellX: number, cellY: number, weight: number): void => {
  if (weight === 0 || cellX < 0 || cellY < 0 || cellX >= mapSide || cellY >= mapSide) return;
  const from = (cellY * mapSide + cellX) * target.length;
  for (let c = 0; c < target.length; c++) target[c]! += weight * map[from + c]!;
};
