import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/** The picture stands still to the last bit, which a working sensor never does. Starts when it stopped changing. */
export const cameraFrozen: Rule = {
  type: 'camera_frozen',
  minDurationMs: 1000,
  bridgeMs: 1000,
  alert: true,
  look(frame) {
    const frozen = frame.image_frozen ?? null;
    if (frozen === null) return unseen;
    if (frozen === 0) return clear;
    const frozenForMs = frame.image_frozen_for_ms ?? 0;
    return seen(0.95, { frozen_for_ms: frozenForMs }, frame.timestamp - frozenForMs);
  },
};

/** Told by two frames at least: where pictures come once a second, two of a calm room may happen to be the same. */
export const cameraStaysFrozen: Rule = { ...cameraFrozen, minFrames: 2 };
