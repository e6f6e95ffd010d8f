import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/** The calibrated gaze point lies outside the exam's area. Without a calibration this rule cannot see. */
export const gazeOffExam: Rule = {
  type: 'gaze_off_exam',
  minDurationMs: 5000,
  bridgeMs: 1000,
  alert: false,
  look(frame) {
    const onScript = frame.gaze_on_script ?? null;
    if (onScript === null) return unseen;
    return onScript === 0 ? seen(0.5, {}) : clear;
  },
};

/**
 * The eyes stay on one side, as when reading beside the screen, while the head stays forward. Directions are coarse: low
 * confidence, long duration.
 */
export const readingAside: Rule = {
  type: 'reading_aside',
  minDurationMs: 10_000,
  bridgeMs: 1200,
  alert: false,
  look(frame) {
    const direction = frame.gaze_direction ?? null;
    if (direction === null) return unseen;
    return direction === 'left' || direction === 'right' ? seen(0.4, {}) : clear;
  },
};
