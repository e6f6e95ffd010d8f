import { baselineOf, startBaseline } from '../rules/baseline.ts';
import { habitsOf } from '../rules/habits.ts';
import type { Habit } from '../rules/habits.ts';
import type { RuleSetState } from '../rules/rule-set.ts';

/**
 * The student's baseline as the rules used it, rounded to four digits: head angles in radians (camera's frame), position
 * and width of the face as multiples of the image's width, and each habit's share of frames, 0–1. Null until enough frames
 * were counted.
 */
export type BaselineSummary = Record<'head_yaw' | 'head_pitch' | 'face_x' | 'face_y' | 'face_w' | Habit, number | null>;

const rounded = (value: number | null | undefined): number | null =>
  value == null ? null : Math.round(value * 10_000) / 10_000;

/** Summarises the baseline of a rule set's state. */
export const baselineSummaryOf = ({ baseline, habits }: RuleSetState): BaselineSummary => {
  const reached = baselineOf(baseline ?? startBaseline());
  const { mouth_moving, gaze_aside, gaze_off_exam } = habitsOf(habits ?? {});
  return {
    head_yaw: rounded(reached?.head_yaw),
    head_pitch: rounded(reached?.head_pitch),
    face_x: rounded(reached?.place?.face_x),
    face_y: rounded(reached?.place?.face_y),
    face_w: rounded(reached?.place?.face_w),
    mouth_moving: rounded(mouth_moving),
    gaze_aside: rounded(gaze_aside),
    gaze_off_exam: rounded(gaze_off_exam),
  };
};
