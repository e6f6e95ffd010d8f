import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/**
 * A phone in the image. The detector runs less often than frames are sent, and frames repeat its last result; the minimum
 * duration spans at least two detector runs, so one false detection is never enough.
 */
export const phoneVisible: Rule = {
  type: 'phone_visible',
  minDurationMs: 1000,
  bridgeMs: 2200,
  alert: true,
  look(frame) {
    const present = frame.phone_present ?? null;
    if (present === null) return unknown;
    if (present === 0) return clear;
    const percent = frame.phone_conf ?? 50;
    return seen(percent / 100, { phone_conf: percent });
  },
};
