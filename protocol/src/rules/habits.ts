import type { Features } from '../frame/feature-frame.ts';

/** For each possible habit, whether a frame clearly rules it out. */
const isRuledOut = {
  mouth_moving: (frame: Features) => frame.mouth_moving === 0,
  gaze_aside: ({ gaze_direction: direction }: Features) =>
    direction != null && direction !== 'left' && direction !== 'right',
  gaze_off_exam: (frame: Features) => frame.gaze_on_script === 1,
};
export type Habit = keyof typeof isRuledOut;
const habits = Object.keys(isRuledOut) as Habit[];

/** For each habit, the share of frames, 0–1, in which it was seen or could not be ruled out; null in the first minute. */
export type Habits = Record<Habit, number | null>;

/** Running counts. Plain JSON. */
export type HabitsState = Partial<Record<Habit, { frames: number; clear: number }>>;
const notCounted = Object.freeze({ frames: 0, clear: 0 });

/** One minute at 5 frames a second. */
const enoughFrames = 300;
/** Half of the share that opens an observation, because only behaviour that is rare for this student can become an observation. */
const rareShare = 0.3;

const shareOf = ({ frames, clear }: { frames: number; clear: number }): number | null =>
  frames < enoughFrames ? null : (frames - clear) / frames;

const isRare = (share: number | null): boolean => share !== null && share <= rareShare;

/**
 * Adds one frame. Counting stops once the habit is known to be rare. An unknown reading counts as if the habit was
 * seen: missing data can only disable a rule, never enable it. Pure.
 */
export const stepHabits = (state: HabitsState, frame: Features): HabitsState => {
  let next = state;
  for (const habit of habits) {
    const counts = state[habit] ?? notCounted;
    if (isRare(shareOf(counts))) continue;
    // If there is a second face, the readings may be that person's.
    const isClear = frame.no_of_face === 1 && isRuledOut[habit](frame);
    if (next === state) next = { ...state };
    next[habit] = { frames: counts.frames + 1, clear: counts.clear + (isClear ? 1 : 0) };
  }
  return next;
};

/** The shares so far. */
export const habitsOf = ({ mouth_moving, gaze_aside, gaze_off_exam }: HabitsState): Habits => ({
  mouth_moving: shareOf(mouth_moving ?? notCounted),
  gaze_aside: shareOf(gaze_aside ?? notCounted),
  gaze_off_exam: shareOf(gaze_off_exam ?? notCounted),
});

/** Whether the behaviour is known to be frequent for this student. */
export const isKnownHabit = (habit: Habit, known: Habits): boolean => known[habit] !== null && !isRare(known[habit]);

/**
 * Whether the behaviour is known to be rare for this student. False if it is a habit (lips moving while thinking, a
 * squint, glasses that mislead gaze tracking), and in the first minute, before enough frames are counted.
 */
export const isUnusual = (habit: Habit, known: Habits): boolean => isRare(known[habit]);
