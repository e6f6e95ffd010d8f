import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/** The lens is covered or the image is black. States only that nothing could be seen. */
export const cameraObstructed: Rule = {
  type: 'camera_obstructed',
  minDurationMs: 1000,
  bridgeMs: 1000,
  alert: true,
  look(frame) {
    const obstructed = frame.image_obstructed ?? null;
    if (obstructed === null) return unknown;
    return obstructed === 1 ? seen(0.95, { brightness: frame.image_brightness ?? 0 }) : clear;
  },
};
