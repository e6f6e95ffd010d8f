import type { Features } from '../feature-frame.ts';
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

/** The head relative to a baseline (or to the camera), null when unknown. */
export const headOf = (frame: Features, baseline: Baseline | null): { yaw: number; pitch: number } | null => {
  const yaw = frame.head_yaw ?? null;
  const pitch = frame.head_pitch ?? null;
  if (yaw === null || pitch === null) return null;
  return { yaw: yaw - (baseline?.head_yaw ?? 0), pitch: pitch - (baseline?.head_pitch ?? 0) };
};

/** How far beyond the limits: 1 is at the limit, 2 is twice as far. */
export const headExcess = (head: { yaw: number; pitch: number }, limit: HeadLimits): number =>
  Math.max(Math.abs(head.yaw) / limit.yaw, head.pitch / limit.up, -head.pitch / limit.down);
