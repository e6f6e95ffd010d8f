import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/** More than one face. The engine does not count faces that never move, such as photos on a wall. */
export const multipleFaces: Rule = {
  type: 'multiple_faces',
  minDurationMs: 1000,
  bridgeMs: 1200,
  alert: true,
  look(frame) {
    const faces = frame.no_of_face ?? null;
    if (faces === null) return unknown;
    return faces >= 2 ? seen(0.9, { faces }) : clear;
  },
};
