import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/** The image is bit-identical for a second or more; a working sensor always has noise. Starts when it stopped changing. */
export const cameraFrozen: Rule = {
  type: 'camera_frozen',
  minDurationMs: 1000,
  bridgeMs: 1000,
  alert: true,
  look(frame) {
    const frozen = frame.image_frozen ?? null;
    if (frozen === null) return unknown;
    if (frozen === 0) return clear;
    const frozenForMs = frame.image_frozen_for_ms ?? 0;
    return seen(0.95, { frozen_for_ms: frozenForMs }, frame.timestamp - frozenForMs);
  },
};

/** Needs at least two frames: at one frame a second, two images of a still room can be identical by chance. */
export const cameraStaysFrozen: Rule = { ...cameraFrozen, minFrames: 2 };
