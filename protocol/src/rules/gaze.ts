import { isUnusual } from './habits.ts';
import { isHeadForward } from './head-away.ts';
import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';

/**
 * The calibrated gaze point is outside the exam's area while the head faces forward; a turned head is left to the head
 * rules. Without a calibration the reading is unknown.
 */
export const gazeOffExam: Rule = {
  type: 'gaze_off_exam',
  minDurationMs: 5000,
  bridgeMs: 1000,
  alert: false,
  look(frame, _active, { baseline, habits }) {
    const onScript = frame.gaze_on_script ?? null;
    if (onScript === null || frame.no_of_face !== 1 || !isUnusual('gaze_off_exam', habits)) return unknown;
    return onScript === 0 && isHeadForward(frame, baseline) ? seen(0.5, {}) : clear;
  },
};

/**
 * The eyes stay on one side while the head faces forward, as when reading from something beside the screen. Gaze
 * directions are coarse, so confidence is low and the duration long. Used only if there is no gaze point, which is more accurate.
 */
export const readingAside: Rule = {
  type: 'reading_aside',
  minDurationMs: 10_000,
  bridgeMs: 1200,
  alert: false,
  look(frame, _active, { baseline, habits }) {
    const direction = frame.gaze_direction ?? null;
    if (direction === null || frame.no_of_face !== 1 || !isUnusual('gaze_aside', habits)) return unknown;
    if ((frame.gaze_on_script ?? null) !== null) return unknown;
    const aside = direction === 'left' || direction === 'right';
    return aside && isHeadForward(frame, baseline) ? seen(0.4, {}) : clear;
  },
};
