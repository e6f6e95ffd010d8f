import { isUnusual } from './habits.ts';
import { isHeadForward } from './head-away.ts';
import { clear, seen, unseen } from './rule.ts';
import type { Rule } from './rule.ts';

/**
 * The calibrated gaze point lies outside the exam's area while the head stays forward; a turned head is told by the rules of the head.
 * Without a calibration this rule cannot see.
 */
export const gazeOffExam: Rule = {
  type: 'gaze_off_exam',
  minDurationMs: 5000,
  bridgeMs: 1000,
  alert: false,
  look(frame, _active, { baseline, habits }) {
    const onScript = frame.gaze_on_script ?? null;
    if (onScript === null || frame.no_of_face !== 1 || !isUnusual('gaze_off_exam', habits)) return unseen;
    return onScript === 0 && isHeadForward(frame, baseline) ? seen(0.5, {}) : clear;
  },
};

/**
 * The eyes stay on one side, as when reading beside the screen, while the head stays forward. Directions are coarse: low
 * confidence, long duration, and only where there is no gaze point, which says it better.
 */
export const readingAside: Rule = {
  type: 'reading_aside',
  minDurationMs: 10_000,
  bridgeMs: 1200,
  alert: false,
  look(frame, _active, { baseline, habits }) {
    const direction = frame.gaze_direction ?? null;
    if (direction === null || frame.no_of_face !== 1 || !isUnusual('gaze_aside', habits)) return unseen;
    if ((frame.gaze_on_script ?? null) !== null) return unseen;
    const aside = direction === 'left' || direction === 'right';
    return aside && isHeadForward(frame, baseline) ? seen(0.4, {}) : clear;
  },
};
