import type { Landmark } from '../geometry/landmark.ts';

/** Mesh indices of one eye. The model names sides as the person would. */
export interface EyeIndices {
  outerCorner: number;
  innerCorner: number;
  /** Pairs of upper and lower lid points that face each other. */
  lids: readonly (readonly [upper: number, lower: number])[];
  /** Centre of the iris, in the 478-point mesh only. */
  iris: number;
}

export const leftEye: EyeIndices = {
  outerCorner: 263,
  innerCorner: 362,
  lids: [
    [386, 374],
    [385, 380],
    [387, 373],
  ],
  iris: 473,
};

export const rightEye: EyeIndices = {
  outerCorner: 33,
  innerCorner: 133,
  lids: [
    [159, 145],
    [158, 153],
    [160, 144],
  ],
  iris: 468,
};

/** Lid gap over eye width of a closed and of a wide open eye. The mesh never closes the gap completely. */
const shutRatio = 0.09;
const wideRatio = 0.32;

/** Both eyes at or below this are closed: a blink, or sleep, but no gaze. */
export const closedOpenness = 0.2;

/** 0 closed … 1 wide open; null if the mesh lacks the points. */
export const eyeOpenness = (landmarks: readonly Landmark[], eye: EyeIndices): number | null => {
  const outer = landmarks[eye.outerCorner];
  const inner = landmarks[eye.innerCorner];
  if (outer === undefined || inner === undefined) return null;
  const width = distance(outer, inner);
  let gap = 0;
  for (const [upper, lower] of eye.lids) {
    const a = landmarks[upper];
    const b = landmarks[lower];
    if (a === undefined || b === undefined) return null;
    gap += distance(a, b) / eye.lids.length;
  }
  if (width <= 0) return null;
  return clampUnit((gap / width - shutRatio) / (wideRatio - shutRatio));
};

const innerLips = { upper: 13, lower: 14, leftCorner: 308, rightCorner: 78 };
/** Lip gap over mouth width of a mouth opened wide. */
const wideMouthRatio = 0.8;

/** 0 closed … 1 wide open. */
export const mouthOpenness = (landmarks: readonly Landmark[]): number | null => {
  const upper = landmarks[innerLips.upper];
  const lower = landmarks[innerLips.lower];
  const left = landmarks[innerLips.leftCorner];
  const right = landmarks[innerLips.rightCorner];
  if (upper === undefined || lower === undefined || left === undefined || right === undefined) return null;
  const width = distance(left, right);
  return width > 0 ? clampUnit(distance(upper, lower) / width / wideMouthRatio) : null;
};

const distance = (a: Landmark, b: Landmark): number => Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);

const clampUnit = (value: number): number => Math.min(1, Math.max(0, value));
