import { isUnusual } from './habits.ts';
import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/**
 * The mouth keeps moving as in speech, which is unusual for this student. Reading aloud, chewing and tics look the same, so confidence is
 * low and no alert is raised.
 */
export const talking: Rule = {
  type: 'talking',
  minDurationMs: 20_000,
  bridgeMs: 3000,
  alert: false,
  look(frame, _active, { habits }) {
    const moving = frame.mouth_moving ?? null;
    if (moving === null || frame.no_of_face !== 1 || !isUnusual('mouth_moving', habits)) return unknown;
    return moving === 1 ? seen(0.3, { mouth_open: frame.mouth_open ?? 0 }) : clear;
  },
};
