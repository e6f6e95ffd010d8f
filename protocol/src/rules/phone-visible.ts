import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/**
 * A phone in the picture. The detector runs slower than the frames and its result is held in between, so the minimum
 * duration spans at least two runs: one stray detection is never enough.
 */
export const phoneVisible: Rule = {
  type: 'phone_visible',
  minDurationMs: 1000,
  bridgeMs: 2200,
  alert: true,
  look(frame) {
    const present = frame.phone_present ?? null;
    if (present === null) return unseen;
    if (present === 0) return clear;
    const percent = frame.phone_conf ?? 50;
    return seen(percent / 100, { phone_conf: percent });
  },
};
