import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/** A hand holds something other than a phone, which has its own rule. No alert, because most exams allow a pen. */
export const handWithObject: Rule = {
  type: 'hand_with_object',
  minDurationMs: 4000,
  bridgeMs: 2500,
  alert: false,
  look(frame, _active, { running }) {
    const holding = frame.hand_holding_object ?? null;
    const phone = frame.phone_present ?? null;
    if (holding === null || phone === null) return unknown;
    if (holding === 0 || phone === 1 || running.has('phone_visible')) return clear;
    return seen(0.4, { hands: frame.hand_count ?? 0 });
  },
};
