import { baselineOf, startBaseline } from '../observations/baseline.ts';
import type { Baseline } from '../observations/baseline.ts';
import { habitsOf } from '../observations/habits.ts';
import type { Habit } from '../observations/habits.ts';
import type { RuleSetState } from '../observations/rule-set.ts';

/**
 * What was usual for this student in the first minutes, as the rules took it: the head in radians (camera's frame), the face's place and
 * width in widths of the picture, and each habit's share of the frames. Null while too little was seen.
 */
export type Usual = Record<keyof Baseline | Habit, number | null>;

const unknownPlace = { head_yaw: null, head_pitch: null, face_x: null, face_y: null, face_w: null };

const rounded = (value: number | null): number | null => (value === null ? null : Math.round(value * 10_000) / 10_000);

export const usualOf = ({ baseline, habits }: RuleSetState): Usual => {
  const { head_yaw, head_pitch, face_x, face_y, face_w } = baselineOf(baseline ?? startBaseline()) ?? unknownPlace;
  const { mouth_moving, gaze_aside, gaze_off_exam } = habitsOf(habits ?? {});
  return {
    head_yaw: rounded(head_yaw),
    head_pitch: rounded(head_pitch),
    face_x: rounded(face_x),
    face_y: rounded(face_y),
    face_w: rounded(face_w),
    mouth_moving: rounded(mouth_moving),
    gaze_aside: rounded(gaze_aside),
    gaze_off_exam: rounded(gaze_off_exam),
  };
};
