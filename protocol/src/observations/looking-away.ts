import { farEnter, farLeave, headExcess, headOf } from './head-away.ts';
import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/** The head is turned far from the camera. */
export const lookingAway: Rule = {
  type: 'looking_away',
  minDurationMs: 2500,
  bridgeMs: 800,
  alert: true,
  look(frame, active) {
    const head = headOf(frame, null);
    if (head === null) return unseen;
    const excess = headExcess(head, active ? farLeave : farEnter);
    if (excess < 1) return clear;
    return seen(0.5 + (excess - 1), { head_yaw: head.yaw, head_pitch: head.pitch });
  },
};

/** The same, told from how this student usually holds the head. */
export const lookingAwayFromUsual: Rule = {
  ...lookingAway,
  look(frame, active, { baseline }) {
    const head = headOf(frame, baseline);
    if (head === null) return unseen;
    const excess = headExcess(head, active ? farLeave : farEnter);
    if (excess < 1) return clear;
    return seen(0.5 + (excess - 1), { head_yaw_from_usual: head.yaw, head_pitch_from_usual: head.pitch });
  },
};
