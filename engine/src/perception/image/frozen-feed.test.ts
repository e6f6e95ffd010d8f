import { describe, expect, test } from 'vitest';
import { FrozenFeedDetector } from './frozen-feed.ts';

const pixels = 64 * 48;
/** A seeded generator, so that a failure can be reproduced. */
const noiseFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};
const room = Uint8ClampedArray.from({ length: pixels }, (_, i) => 100 + (i % 64));
const changed = (share: number, levels: number, random: () => number) =>
  room.map((value) => (random() < share ? value + Math.round((random() * 2 - 1) * levels) : value));

/** Five images a second; returns the result for the last one. */
const play = (frames: Uint8ClampedArray[], detector = new FrozenFeedDetector(), fromMs = 0, noiseLevels = 0) =>
  frames.map((luma, i) => detector.update(luma, fromMs + i * 200, noiseLevels)).at(-1);

describe('frozen feed', () => {
  test('an image that repeats exactly is frozen after a second, with the time of its last change', () => {
    expect(play(Array(4).fill(room))).toEqual({ frozen: false, forMs: 600 });
    expect(play(Array(11).fill(room))).toEqual({ frozen: true, forMs: 2000 });
  });

  test('small refinements of a codec do not end the freeze', () => {
    const random = noiseFrom(1);
    expect(play(Array.from({ length: 20 }, () => changed(0.004, 1, random)))?.frozen).toBe(true);
  });

  test('a refinement by several levels in very few pixels does not end it either', () => {
    const random = noiseFrom(5);
    expect(play(Array.from({ length: 20 }, () => changed(0.0005, 6, random)))?.frozen).toBe(true);
  });

  test('one redrawn key frame does not end it, a second one does', () => {
    const random = noiseFrom(2);
    const detector = new FrozenFeedDetector();
    play(Array(10).fill(room), detector);
    const redrawn = changed(0.2, 4, random);
    expect(detector.update(redrawn, 2000).frozen).toBe(true);
    expect(detector.update(changed(0.2, 4, random), 2200).frozen).toBe(false);
  });

  test('sensor noise in a quiet room is never frozen', () => {
    const random = noiseFrom(3);
    expect(play(Array.from({ length: 50 }, () => changed(1, 2, random)))?.frozen).toBe(false);
  });

  test('a compressed recording of an empty room, with few but large changes, is not frozen', () => {
    const random = noiseFrom(4);
    expect(play(Array.from({ length: 50 }, () => changed(0.01, 14, random)))?.frozen).toBe(false);
  });

  test('one repeat after a long gap is a late image, three are a freeze', () => {
    const detector = new FrozenFeedDetector();
    const states = [0, 1500, 3000, 4500].map((atMs) => detector.update(room, atMs).frozen);
    expect(states).toEqual([false, false, false, true]);
  });

  test('noise that the browser adds to each read hides a frozen image only until it was measured', () => {
    const random = noiseFrom(6);
    const withNoise = (luma: Uint8ClampedArray) => luma.map((value) => value + (random() < 0.5 ? 1 : -1));
    const frozen = () => Array.from({ length: 20 }, () => withNoise(room));
    const detector = new FrozenFeedDetector();
    expect(play(frozen(), detector)?.frozen).toBe(false);
    detector.reset();
    expect(play(frozen(), detector, 0, 1)?.frozen).toBe(true);
    const sensor = Array.from({ length: 20 }, () => withNoise(changed(1, 2, random)));
    expect(play(sensor, detector, 10_000, 1)?.frozen).toBe(false);
  });

  test('another image size starts again', () => {
    const detector = new FrozenFeedDetector();
    play(Array(10).fill(room), detector);
    expect(detector.update(new Uint8ClampedArray(10), 2000)).toEqual({ frozen: false, forMs: 0 });
  });
});
