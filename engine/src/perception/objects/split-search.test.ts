import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SplitSearch } from './split-search.ts';
import type { Rest } from './split-search.ts';

/** A search of steps that take these milliseconds, and a clock that they move. */
const searchOf = (stepsMs: readonly number[], limitMs: number) => {
  const clock = { ms: 0 };
  const split = new SplitSearch(limitMs, () => clock.ms);
  const ran: number[] = [];
  const ends: number[] = [];
  const search = async (rest: Rest): Promise<void> => {
    for (const ms of stepsMs) {
      await rest();
      clock.ms += ms;
      ran.push(ms);
    }
  };
  /** Reads an image whose face takes `faceMs`. */
  const image = async (faceMs = 20): Promise<void> => {
    const fromMs = clock.ms;
    clock.ms += faceMs;
    if (split.isPending) await split.continue(fromMs);
    else await split.begin(fromMs, search, (costMs) => ends.push(costMs));
  };
  return { split, clock, ran, ends, image };
};

test('a search that fits into one image runs in one piece', async () => {
  const { split, ran, ends, image } = searchOf([50, 60, 60], 200);
  await image();
  expect([ran, ends, split.isPending]).toEqual([[50, 60, 60], [170], false]);
});

test('a slow search continues with the next images, and reports its duration without the waits', async () => {
  const { split, clock, ran, ends, image } = searchOf([150, 150, 40], 200);
  await image();
  expect([ran.length, ends, split.isPending]).toEqual([1, [], true]);
  clock.ms += 1000;
  await image();
  expect([ran.length, split.isPending]).toEqual([2, true]);
  await image();
  expect([ends, split.isPending]).toEqual([[340], false]);
});

test('without a limit no search is split', async () => {
  const { ran, image } = searchOf([5000, 5000], Infinity);
  await image(5000);
  expect(ran).toHaveLength(2);
});

test('an abandoned search never ends, and another one can begin', async () => {
  const { split, ran, ends, image } = searchOf([150, 150], 200);
  await image();
  split.abandon();
  expect(split.isPending).toBe(false);
  await split.continue(0);
  expect(ran).toHaveLength(1);
  await image();
  await image();
  expect([ran.length, ends]).toEqual([3, [300]]);
});

test('a search that is abandoned during a step ends the image', async () => {
  const split = new SplitSearch(200, () => 0);
  const steps: string[] = [];
  await split.begin(
    0,
    async (rest) => {
      await rest();
      steps.push('first');
      split.abandon();
      await rest();
      steps.push('second');
    },
    () => steps.push('ended'),
  );
  expect([steps, split.isPending]).toEqual([['first'], false]);
});

test('every image after the first runs a step, and begins no further one that would exceed the limit', async () => {
  const stepsMs = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      stepsMs,
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 50, max: 400 }),
      async (steps, faceMs, limitMs) => {
        const { split, clock, ran, ends, image } = searchOf(steps, limitMs);
        const turns: { ran: readonly number[]; untilLastMs: number }[] = [];
        while (turns.length === 0 || split.isPending) {
          const [fromMs, before] = [clock.ms, ran.length];
          await image(faceMs);
          const here = ran.slice(before);
          turns.push({ ran: here, untilLastMs: clock.ms - fromMs - (here.at(-1) ?? 0) });
        }
        expect(turns.slice(1).filter((turn) => turn.ran.length === 0)).toEqual([]);
        // All steps but the last one ended early enough for a further step as long as the longest so far.
        const late = turns.filter(
          (turn) => turn.ran.length > 1 && turn.untilLastMs + Math.max(...turn.ran.slice(0, -1)) > limitMs,
        );
        expect(late).toEqual([]);
        expect(ran).toEqual(steps);
        expect(ends).toEqual([steps.reduce((sum, ms) => sum + ms, 0)]);
      },
    ),
  );
});
