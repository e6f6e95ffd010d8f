import type { Features } from '../frame/feature-frame.ts';
import type { Baseline } from './baseline.ts';

/** 1° in radians. */
const deg = Math.PI / 180;

/** How far a head may turn, in radians either way. */
export interface HeadLimits {
  yaw: number;
  up: number;
  down: number;
}

/**
 * Entering lies well outside the ±20–25° that looking over a laptop or a wide monitor needs; leaving takes less, so that a
 * head at the edge does not flicker.
 */
export const farEnter: HeadLimits = { yaw: 38 * deg, up: 30 * deg, down: 38 * deg };
export const farLeave: HeadLimits = { yaw: 30 * deg, up: 23 * deg, down: 30 * deg };

/** To the side as far as a second screen, and no longer what a wide monitor needs. */
export const turnedEnterRad = 25 * deg;
export const turnedLeaveRad = 20 * deg;

export interface Head {
  yaw: number;
  pitch: number;
}

/** The head towards the camera, null when unknown. */
export const headOf = (frame: Features): Head | null => {
  const yaw = frame.head_yaw ?? null;
  const pitch = frame.head_pitch ?? null;
  return yaw === null || pitch === null ? null : { yaw, pitch };
};

/** The head relative to how this student usually holds it. */
export const fromUsual = ({ yaw, pitch }: Head, usual: Baseline): Head => ({
  yaw: yaw - usual.head_yaw,
  pitch: pitch - usual.head_pitch,
});

/** How far beyond the limits: 1 is at the limit, 2 is twice as far. */
export const headExcess = (head: Head, limit: HeadLimits): number =>
  Math.max(Math.abs(head.yaw) / limit.yaw, head.pitch / limit.up, -head.pitch / limit.down);

/** How far the head is turned to a side: from the camera, and from the usual where that is less. What is usual excuses, and never accuses. */
export const turnedRad = (head: Head, usual: Baseline | null): number =>
  Math.min(Math.abs(head.yaw), usual === null ? Infinity : Math.abs(fromUsual(head, usual).yaw));

/** Whether the eyes' direction tells anything, because the head does not point to a side itself. */
export const isHeadForward = (frame: Features, usual: Baseline | null): boolean => {
  const head = headOf(frame);
  return head !== null && turnedRad(head, usual) < turnedLeaveRad;
};
