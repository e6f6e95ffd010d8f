import { gazeOffExam, readingAside } from './gaze.ts';
import { isKnownHabit } from './habits.ts';
import type { Habit, Habits } from './habits.ts';
import {
  farEnter,
  farLeave,
  headExcess,
  headOf,
  relativeToBaseline,
  turnedEnterRad,
  turnedLeaveRad,
  turnedRad,
} from './head-away.ts';
import { headTurned } from './head-turned.ts';
import { lookingAway } from './looking-away.ts';
import { clear, seen, unknown } from './rule.ts';
import type { Rule } from './rule.ts';
import { talking } from './talking.ts';

const asUsual = (rule: Rule, look: Rule['look']): Rule => ({ ...rule, usual: true, alert: false, look });

const allRare: Habits = { mouth_moving: 0, gaze_aside: 0, gaze_off_exam: 0 };

/** The rule, which depends on no other habit, as if this one were rare: its result if the behaviour were unusual for this student. */
const despiteHabit = (rule: Rule, habit: Habit): Rule =>
  asUsual(rule, (frame, active, context) =>
    isKnownHabit(habit, context.habits) ? rule.look(frame, active, { ...context, habits: allRare }) : unknown,
  );

const usuallyLookingAway = asUsual(lookingAway, (frame, active, { baseline }) => {
  const head = headOf(frame);
  if (head === null || baseline === null) return unknown;
  const limits = active ? farLeave : farEnter;
  const excess = headExcess(head, limits);
  if (excess < 1 || headExcess(relativeToBaseline(head, baseline), limits) >= 1) return clear;
  return seen(0.5 + (excess - 1), { head_yaw: head.yaw, head_pitch: head.pitch });
});

const usuallyTurned = asUsual(headTurned, (frame, active, { baseline, running }) => {
  const head = headOf(frame);
  if (head === null || baseline === null || frame.no_of_face !== 1) return unknown;
  if (running.has('looking_away') || running.has('head_turned')) return clear;
  const least = active ? turnedLeaveRad : turnedEnterRad;
  const rad = turnedRad(head, null);
  if (rad < least || rad >= farEnter.yaw || turnedRad(head, baseline) >= least) return clear;
  return seen(0.5, { head_yaw: head.yaw });
});

/**
 * Behaviour that the student's baseline or habits excuse, as separate observations: kept and shown, marked `usual`,
 * without points and without an alert. A baseline that a student shapes on purpose therefore hides nothing from the
 * reviewer.
 */
export const baselineRules: readonly Rule[] = [
  usuallyLookingAway,
  usuallyTurned,
  despiteHabit(gazeOffExam, 'gaze_off_exam'),
  despiteHabit(readingAside, 'gaze_aside'),
  despiteHabit(talking, 'mouth_moving'),
];
