import type { Features } from '../frame/feature-frame.ts';
import type { Baseline } from './baseline.ts';

/** 1° in radians. */
const deg = Math.PI / 180;

/** How far a head may turn before it counts as away, radians: yaw to either side, pitch up and down. */
export interface HeadLimits {
  yaw: number;
  up: number;
  down: number;
}

/**
 * Limits to open an observation, well outside the ±20–25° that reading a wide monitor needs; and lower ones to close it
 * (hysteresis), so that a head near the limit does not open and close repeatedly.
 */
export const farEnter: HeadLimits = { yaw: 38 * deg, up: 30 * deg, down: 38 * deg };
export const farLeave: HeadLimits = { yaw: 30 * deg, up: 23 * deg, down: 30 * deg };

/** Yaw towards a second screen: more than reading a wide monitor needs. Opening and closing limits. */
export const turnedEnterRad = 25 * deg;
export const turnedLeaveRad = 20 * deg;

/** Head angles, radians in the camera's frame, signs as in `Features`. */
export interface Head {
  yaw: number;
  pitch: number;
}

/** Head angles of a frame; null if unknown. */
export const headOf = (frame: Features): Head | null => {
  const yaw = frame.head_yaw ?? null;
  const pitch = frame.head_pitch ?? null;
  return yaw === null || pitch === null ? null : { yaw, pitch };
};

/** Head angles relative to the student's baseline. */
export const relativeToBaseline = ({ yaw, pitch }: Head, baseline: Baseline): Head => ({
  yaw: yaw - baseline.head_yaw,
  pitch: pitch - baseline.head_pitch,
});

/** Head angle as a multiple of the limit: 1 is at the limit, 2 is twice as far. */
export const headExcess = (head: Head, limit: HeadLimits): number =>
  Math.max(Math.abs(head.yaw) / limit.yaw, head.pitch / limit.up, -head.pitch / limit.down);

/** Yaw to either side, radians ≥ 0: from the camera or from the baseline, whichever is less. */
export const turnedRad = (head: Head, baseline: Baseline | null): number =>
  Math.min(Math.abs(head.yaw), baseline === null ? Infinity : Math.abs(relativeToBaseline(head, baseline).yaw));

/** Whether the head faces forward, so that the gaze direction is meaningful by itself. False if unknown. */
export const isHeadForward = (frame: Features, baseline: Baseline | null): boolean => {
  const head = headOf(frame);
  return head !== null && turnedRad(head, baseline) < turnedLeaveRad;
};
