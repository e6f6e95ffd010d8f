import { farEnter, farLeave, relativeToBaseline, headExcess, headOf } from './head-away.ts';
import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/** The head is turned far away from the camera. */
export const lookingAway: Rule = {
  type: 'looking_away',
  minDurationMs: 1600,
  bridgeMs: 800,
  alert: true,
  look(frame, active) {
    const head = headOf(frame);
    if (head === null) return unknown;
    const excess = headExcess(head, active ? farLeave : farEnter);
    if (excess < 1) return clear;
    return seen(0.5 + (excess - 1), { head_yaw: head.yaw, head_pitch: head.pitch });
  },
};

/**
 * The head is turned far away from the camera and from the student's baseline. The baseline can suppress the observation
 * (a camera at the side or below the screen), never create one.
 */
export const lookingAwayFromBaseline: Rule = {
  ...lookingAway,
  look(frame, active, { baseline }) {
    const head = headOf(frame);
    if (head === null) return unknown;
    const limits = active ? farLeave : farEnter;
    const away = baseline === null ? head : relativeToBaseline(head, baseline);
    const excess = Math.min(headExcess(head, limits), headExcess(away, limits));
    if (excess < 1) return clear;
    return seen(0.5 + (excess - 1), {
      head_yaw: head.yaw,
      head_pitch: head.pitch,
      ...(baseline === null ? {} : { head_yaw_from_usual: away.yaw, head_pitch_from_usual: away.pitch }),
    });
  },
};
