import { baselineOf, startBaseline } from '../rules/baseline.ts';
import { habitsOf } from '../rules/habits.ts';
import type { Habit } from '../rules/habits.ts';
import type { RuleSetState } from '../rules/rule-set.ts';

/**
 * What was usual for this student in the first minutes, as the rules took it: the head in radians (camera's frame), the face's place and
 * width in widths of the picture, and each habit's share of the frames. Null while too little was seen.
 */
export type Usual = Record<'head_yaw' | 'head_pitch' | 'face_x' | 'face_y' | 'face_w' | Habit, number | null>;

const rounded = (value: number | null | undefined): number | null =>
  value == null ? null : Math.round(value * 10_000) / 10_000;

export const usualOf = ({ baseline, habits }: RuleSetState): Usual => {
  const usual = baselineOf(baseline ?? startBaseline());
  const { mouth_moving, gaze_aside, gaze_off_exam } = habitsOf(habits ?? {});
  return {
    head_yaw: rounded(usual?.head_yaw),
    head_pitch: rounded(usual?.head_pitch),
    face_x: rounded(usual?.place?.face_x),
    face_y: rounded(usual?.place?.face_y),
    face_w: rounded(usual?.place?.face_w),
    mouth_moving: rounded(mouth_moving),
    gaze_aside: rounded(gaze_aside),
    gaze_off_exam: rounded(gaze_off_exam),
  };
};
