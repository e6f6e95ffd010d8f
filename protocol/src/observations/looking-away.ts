import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/** 1° in radians. */
const deg = Math.PI / 180;

/**
 * The head is turned far from the screen. Entering thresholds lie well outside the ±20–25° that looking over a laptop or a
 * wide monitor needs; leaving takes less, so that a head at the edge does not flicker.
 */
const enterRad = { yaw: 38 * deg, up: 30 * deg, down: 38 * deg };
const leaveRad = { yaw: 30 * deg, up: 23 * deg, down: 30 * deg };

export const lookingAway: Rule = {
  type: 'looking_away',
  minDurationMs: 2500,
  bridgeMs: 800,
  look(frame, active) {
    const yaw = frame.head_yaw ?? null;
    const pitch = frame.head_pitch ?? null;
    if (yaw === null || pitch === null) return unseen;
    const limit = active ? leaveRad : enterRad;
    const excess = Math.max(Math.abs(yaw) / limit.yaw, pitch / limit.up, -pitch / limit.down);
    if (excess < 1) return clear;
    return seen(0.5 + (excess - 1), { head_yaw: yaw, head_pitch: pitch });
  },
};
