import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/** A hand holds something that is not a phone. A pen is allowed in most exams: a note, not an alert. */
export const handWithObject: Rule = {
  type: 'hand_with_object',
  minDurationMs: 4000,
  bridgeMs: 2500,
  alert: false,
  look(frame) {
    const holding = frame.hand_holding_object ?? null;
    if (holding === null) return unseen;
    return holding === 1 && frame.phone_present !== 1 ? seen(0.4, { hands: frame.hand_count ?? 0 }) : clear;
  },
};
