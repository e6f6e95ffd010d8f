import { farEnter, headOf, turnedEnterRad, turnedLeaveRad, turnedRad } from './head-away.ts';
import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/**
 * The head stays turned to one side, but not as far as for `looking_away`, which takes precedence. It may be a
 * second screen or a habit: a human decides.
 */
export const headTurned: Rule = {
  type: 'head_turned',
  minDurationMs: 8000,
  bridgeMs: 1500,
  alert: false,
  look(frame, active, { baseline, running }) {
    const head = headOf(frame);
    if (head === null || baseline === null || frame.no_of_face !== 1) return unknown;
    if (running.has('looking_away')) return clear;
    const rad = turnedRad(head, baseline);
    if (rad < (active ? turnedLeaveRad : turnedEnterRad) || rad >= farEnter.yaw) return clear;
    return seen(0.5, { head_yaw: head.yaw, head_yaw_from_usual: head.yaw - baseline.head_yaw });
  },
};
