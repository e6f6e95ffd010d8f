import { farEnter, farLeave, fromUsual, headExcess, headOf } from './head-away.ts';
import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/** The head is turned far from the camera. */
export const lookingAway: Rule = {
  type: 'looking_away',
  minDurationMs: 1600,
  bridgeMs: 800,
  alert: true,
  look(frame, active) {
    const head = headOf(frame);
    if (head === null) return unseen;
    const excess = headExcess(head, active ? farLeave : farEnter);
    if (excess < 1) return clear;
    return seen(0.5 + (excess - 1), { head_yaw: head.yaw, head_pitch: head.pitch });
  },
};

/**
 * Far from the camera, and far from how this student usually holds the head: what is usual excuses (a camera at the side, a low
 * one), and never makes an event of what would be none.
 */
export const lookingAwayFromUsual: Rule = {
  ...lookingAway,
  look(frame, active, { baseline }) {
    const head = headOf(frame);
    if (head === null) return unseen;
    const limits = active ? farLeave : farEnter;
    const away = baseline === null ? head : fromUsual(head, baseline);
    const excess = Math.min(headExcess(head, limits), headExcess(away, limits));
    if (excess < 1) return clear;
    return seen(0.5 + (excess - 1), {
      head_yaw: head.yaw,
      head_pitch: head.pitch,
      ...(baseline === null ? {} : { head_yaw_from_usual: away.yaw, head_pitch_from_usual: away.pitch }),
    });
  },
};
