import { farEnter, headExcess, headOf } from './head-away.ts';
import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

const deg = Math.PI / 180;
const enterRad = 25 * deg;
const leaveRad = 20 * deg;

/** The head is turned to one side for long, less far than looking away. A second screen, or just a habit: for a human to judge. */
export const headTurned: Rule = {
  type: 'head_turned',
  minDurationMs: 8000,
  bridgeMs: 1500,
  alert: false,
  look(frame, active, { baseline }) {
    const head = headOf(frame, baseline);
    if (head === null) return unseen;
    const turned = Math.abs(head.yaw) >= (active ? leaveRad : enterRad);
    if (!turned || headExcess(head, farEnter) >= 1) return clear;
    return seen(0.5, { head_yaw_from_usual: head.yaw });
  },
};
