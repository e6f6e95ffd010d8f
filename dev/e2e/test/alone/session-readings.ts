import type { StoredFrame } from '@invigil/protocol/frame';

const compared = ['face_x', 'face_y', 'face_w', 'face_h', 'head_yaw', 'head_pitch', 'head_roll', 'face_conf'] as const;

/** Medians of a session's readings. */
export type SessionReadings = Record<(typeof compared)[number], number>;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

export const readingsOf = (frames: readonly StoredFrame[]): SessionReadings => {
  const readings = compared.map((name) => {
    const values = frames.map((frame) => frame[name]).filter((value) => typeof value === 'number');
    return [name, median(values)];
  });
  return Object.fromEntries(readings) as SessionReadings;
};
