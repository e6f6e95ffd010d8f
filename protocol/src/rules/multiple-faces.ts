import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/** More than one face. Faces that never move (pictures on a wall) are counted apart by the engine. */
export const multipleFaces: Rule = {
  type: 'multiple_faces',
  minDurationMs: 1000,
  bridgeMs: 1200,
  alert: true,
  look(frame) {
    const faces = frame.no_of_face ?? null;
    if (faces === null) return unseen;
    return faces >= 2 ? seen(0.9, { faces }) : clear;
  },
};
