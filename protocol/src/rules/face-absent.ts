import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/** No face in an image that is good enough to find one. */
export const faceAbsent: Rule = {
  type: 'face_absent',
  minDurationMs: 1200,
  bridgeMs: 1000,
  alert: true,
  look(frame) {
    const faces = frame.no_of_face ?? frame.face_present ?? null;
    if (faces === null) return unknown;
    return faces === 0 ? seen(0.95, { faces: 0 }) : clear;
  },
};
