import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calm } from '../../test/rule-run.ts';
import type { Features } from '../frame/feature-frame.ts';
import { habitsOf, isUnusual, stepHabits } from './habits.ts';
import type { HabitsState } from './habits.ts';

const times = (count: number, features: Features): Features[] => Array.from({ length: count }, () => features);
const after = (frames: readonly Features[]): HabitsState => frames.reduce(stepHabits, {});
const attentive: Features = { ...calm, gaze_on_script: 1 };

describe('habits', () => {
  test('are unknown for 300 frames, one minute at 5 frames a second', () => {
    expect(habitsOf({})).toEqual({ mouth_moving: null, gaze_aside: null, gaze_off_exam: null });
    expect(habitsOf(after(times(299, attentive))).mouth_moving).toBeNull();
    expect(habitsOf(after(times(300, attentive)))).toEqual({ mouth_moving: 0, gaze_aside: 0, gaze_off_exam: 0 });
  });

  test.each([
    ['mouth_moving', { mouth_moving: 1 }],
    ['gaze_aside', { gaze_direction: 'left' }],
    ['gaze_aside', { gaze_direction: 'right' }],
    ['gaze_off_exam', { gaze_on_script: 0 }],
  ] as const)('%s is the share of frames that show it', (habit, change) => {
    const frames = [...times(150, { ...attentive, ...change }), ...times(150, attentive)];
    const habits = habitsOf(after(frames));
    expect(habits[habit]).toBe(0.5);
    expect(isUnusual(habit, habits)).toBe(false);
  });

  test.each([
    [90, true],
    [91, false],
  ])('are rare up to 30 %%: %i of 300 frames', (moving, rare) => {
    const frames = [...times(moving, { ...attentive, mouth_moving: 1 }), ...times(300 - moving, attentive)];
    expect(isUnusual('mouth_moving', habitsOf(after(frames)))).toBe(rare);
  });

  test('are settled once they are known to be rare', () => {
    const rare = after(times(300, attentive));
    expect(times(300, { ...attentive, mouth_moving: 1 as const }).reduce(stepHabits, rare)).toEqual(rare);
  });

  test('can become rare later', () => {
    const frames = [...times(300, { ...attentive, mouth_moving: 1 as const }), ...times(700, attentive)];
    expect(habitsOf(after(frames)).mouth_moving).toBe(0.3);
  });

  test.each([
    ['an unknown reading', { mouth_moving: null }],
    ['a second face', { no_of_face: 2 }],
    ['an unknown face', { no_of_face: null }],
  ] as const)('count %s as if the habit was seen', (_name, change) => {
    expect(habitsOf(after(times(300, { ...attentive, ...change }))).mouth_moving).toBe(1);
  });

  test('never become rare because readings are missing', () => {
    const frame = fc.record({ mouth_moving: fc.constantFrom(0 as const, 1 as const), hidden: fc.boolean() });
    fc.assert(
      fc.property(fc.array(frame, { minLength: 300, maxLength: 400 }), (list) => {
        const share = (hide: boolean) =>
          habitsOf(
            after(
              list.map(({ mouth_moving, hidden }) => ({
                ...attentive,
                mouth_moving: hide && hidden ? null : mouth_moving,
              })),
            ),
          ).mouth_moving!;
        expect(share(true) > 0.3 || share(false) <= 0.3).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
