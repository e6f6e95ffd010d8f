import type { Features } from '../frame/feature-frame.ts';

/** What a student may do by habit: whether a frame shows clearly that they do not. */
const notNow = {
  mouth_moving: (frame: Features) => frame.mouth_moving === 0,
  gaze_aside: ({ gaze_direction: direction }: Features) =>
    direction != null && direction !== 'left' && direction !== 'right',
  gaze_off_exam: (frame: Features) => frame.gaze_on_script === 1,
};
export type Habit = keyof typeof notNow;
const habits = Object.keys(notNow) as Habit[];

/** For each habit the share of the first minutes' frames, 0–1, in which it was seen or could not be ruled out; null in the first minute. */
export type Habits = Record<Habit, number | null>;

/** Running counts; plain JSON. */
export type HabitsState = Partial<Record<Habit, { frames: number; clear: number }>>;

/** A minute at 5 frames a second. */
const enoughFrames = 300;
/** Half of what makes a stretch an observation: only while something is rare, its lasting tells anything. */
const rareShare = 0.3;

const shareOf = ({ frames, clear }: { frames: number; clear: number }): number | null =>
  frames < enoughFrames ? null : (frames - clear) / frames;

const isRare = (share: number | null): boolean => share !== null && share <= rareShare;

/**
 * Counts until a habit is known to be rare, which is then settled. A frame that could not see counts like one that saw: unknown readings can
 * only take a rule's voice, never give it one.
 */
export const stepHabits = (state: HabitsState, frame: Features): HabitsState => {
  const next = { ...state };
  for (const habit of habits) {
    const counts = state[habit] ?? { frames: 0, clear: 0 };
    if (isRare(shareOf(counts))) continue;
    // A face beside the student's may be the one that was read.
    const isClear = frame.no_of_face === 1 && notNow[habit](frame);
    next[habit] = { frames: counts.frames + 1, clear: counts.clear + (isClear ? 1 : 0) };
  }
  return next;
};

export const habitsOf = (state: HabitsState): Habits => {
  const share = (habit: Habit): number | null => shareOf(state[habit] ?? { frames: 0, clear: 0 });
  return {
    mouth_moving: share('mouth_moving'),
    gaze_aside: share('gaze_aside'),
    gaze_off_exam: share('gaze_off_exam'),
  };
};

/**
 * Whether it would tell anything if it lasted. Not where it is this student's habit (lips that move while thinking, a squint, glasses that mislead
 * the gaze), nor before that is known.
 */
export const isUnusual = (habit: Habit, known: Habits): boolean => isRare(known[habit]);
