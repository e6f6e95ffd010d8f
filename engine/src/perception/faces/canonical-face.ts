/**
 * A metric face (centimetres; x to the viewer's right, y up, z out of the face) at the mesh points that move least when
 * people speak or smile, each with its weight in the rigid fit.
 *
 * Source: MediaPipe's canonical face model and the Procrustes basis of its face geometry module (Google, Apache-2.0).
 * The face is symmetric, so a point of the right half is stored with the index of its mirror image.
 */
interface CanonicalPoint {
  index: number;
  /** Index of the mirrored point; null on the middle line. */
  mirror: number | null;
  position: readonly [number, number, number];
  weight: number;
}

export const canonicalFace: readonly CanonicalPoint[] = [
  { index: 4, mirror: null, position: [0, -0.46317, 7.58658], weight: 0.0709 },
  { index: 6, mirror: null, position: [0, 2.473255, 5.788627], weight: 0.0321 },
  { index: 10, mirror: null, position: [0, 8.261778, 4.481535], weight: 0.0087 },
  { index: 33, mirror: 263, position: [-4.445859, 2.663991, 3.173422], weight: 0.0587 },
  { index: 54, mirror: 284, position: [-6.279331, 6.615427, 1.42585], weight: 0.0073 },
  { index: 67, mirror: 297, position: [-3.523964, 8.005976, 3.729163], weight: 0.0073 },
  { index: 117, mirror: 346, position: [-5.258659, 0.945811, 2.974312], weight: 0.0096 },
  { index: 119, mirror: 348, position: [-3.300681, 0.861641, 3.872784], weight: 0.0103 },
  { index: 121, mirror: 350, position: [-1.820731, 1.467954, 4.224124], weight: 0.0089 },
  { index: 127, mirror: 356, position: [-7.743095, 2.364999, -2.005167], weight: 0.0149 },
  { index: 129, mirror: 358, position: [-1.785794, -0.978284, 4.85047], weight: 0.1207 },
  { index: 132, mirror: 361, position: [-7.270895, -2.890917, -2.252455], weight: 0.0099 },
  { index: 133, mirror: 362, position: [-1.856432, 2.585245, 3.757904], weight: 0.0533 },
  { index: 136, mirror: 365, position: [-5.085276, -7.17859, 0.714711], weight: 0.0669 },
  { index: 143, mirror: 372, position: [-6.407571, 2.236021, 1.560843], weight: 0.0076 },
  { index: 147, mirror: 376, position: [-6.234883, -1.94443, 1.663542], weight: 0.0145 },
  { index: 198, mirror: 420, position: [-1.246815, 0.230297, 5.681036], weight: 0.0115 },
  { index: 205, mirror: 425, position: [-3.832928, -1.537326, 4.137731], weight: 0.0121 },
];
