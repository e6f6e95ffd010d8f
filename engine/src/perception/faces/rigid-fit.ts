/** Points as x, y, z triples. */
export type Points = readonly (readonly [number, number, number])[];
/** Row-major 3 × 3 rotation. */
export type Rotation = readonly [number, number, number, number, number, number, number, number, number];

export interface RigidFit {
  rotation: Rotation;
  scale: number;
  /** Weighted root mean square distance that remains, in units of the target points. */
  residual: number;
}

/**
 * The rotation and scale that bring `from` onto `to` with the least weighted squared distance.
 * Closed form by unit quaternions: B. K. P. Horn, "Closed-form solution of absolute orientation" (1987).
 */
export const fitRigid = (from: Points, to: Points, weights: readonly number[]): RigidFit => {
  const a = centred(from, weights);
  const b = centred(to, weights);
  const s = new Float64Array(9);
  let varianceA = 0;
  let varianceB = 0;
  weights.forEach((w, i) => {
    const p = a[i] ?? [0, 0, 0];
    const q = b[i] ?? [0, 0, 0];
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) s[r * 3 + c]! += w * p[r]! * q[c]!;
      varianceA += w * p[r]! ** 2;
      varianceB += w * q[r]! ** 2;
    }
  });
  const rotation = rotationFromQuaternion(largestEigenvector(hornMatrix(s)));
  let overlap = 0;
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) overlap += rotation[r * 3 + c]! * s[c * 3 + r]!;
  }
  const scale = varianceA > 0 ? overlap / varianceA : 0;
  const total = weights.reduce((sum, w) => sum + w, 0);
  const residual = Math.sqrt(Math.max(0, varianceB - scale * overlap) / Math.max(total, Number.EPSILON));
  return { rotation, scale, residual };
};

/** The angle of the single rotation that leads from `a` to `b`. */
export const angleBetweenRad = (a: Rotation, b: Rotation): number => {
  const trace = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  return Math.acos(Math.min(1, Math.max(-1, (trace - 1) / 2)));
};

const centred = (points: Points, weights: readonly number[]): [number, number, number][] => {
  const mean = [0, 0, 0];
  let total = 0;
  points.forEach((p, i) => {
    const w = weights[i] ?? 0;
    total += w;
    for (let k = 0; k < 3; k++) mean[k]! += w * p[k]!;
  });
  return points.map((p) => [p[0] - mean[0]! / total, p[1] - mean[1]! / total, p[2] - mean[2]! / total]);
};

const hornMatrix = (s: Float64Array): Float64Array => {
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s as unknown as Rotation;
  const rows = [
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ];
  return Float64Array.from(rows.flat());
};

/** Eigenvector of the largest eigenvalue of a symmetric 4 × 4 matrix, by Jacobi rotations. */
const largestEigenvector = (matrix: Float64Array): [number, number, number, number] => {
  const m = Float64Array.from(matrix);
  const v = Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
  for (let sweep = 0; sweep < 30; sweep++) {
    let offDiagonal = 0;
    for (let p = 0; p < 3; p++) {
      for (let q = p + 1; q < 4; q++) {
        const value = m[p * 4 + q]!;
        offDiagonal += value * value;
        if (Math.abs(value) < 1e-300) continue;
        const theta = (m[q * 4 + q]! - m[p * 4 + p]!) / (2 * value);
        const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        rotateColumns(m, p, q, c, t * c);
        rotateRows(m, p, q, c, t * c);
        rotateColumns(v, p, q, c, t * c);
      }
    }
    if (offDiagonal < 1e-24) break;
  }
  let best = 0;
  for (let i = 1; i < 4; i++) if (m[i * 5]! > m[best * 5]!) best = i;
  return [v[best]!, v[4 + best]!, v[8 + best]!, v[12 + best]!];
};

const rotateColumns = (m: Float64Array, p: number, q: number, c: number, s: number): void => {
  for (let r = 0; r < 4; r++) {
    const a = m[r * 4 + p]!;
    const b = m[r * 4 + q]!;
    m[r * 4 + p] = c * a - s * b;
    m[r * 4 + q] = s * a + c * b;
  }
};

const rotateRows = (m: Float64Array, p: number, q: number, c: number, s: number): void => {
  for (let k = 0; k < 4; k++) {
    const a = m[p * 4 + k]!;
    const b = m[q * 4 + k]!;
    m[p * 4 + k] = c * a - s * b;
    m[q * 4 + k] = s * a + c * b;
  }
};

const rotationFromQuaternion = ([w, x, y, z]: readonly [number, number, number, number]): Rotation => [
  ...([1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)] as const),
  ...([2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)] as const),
  ...([2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)] as const),
];
