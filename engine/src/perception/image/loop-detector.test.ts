import { describe, expect, test } from 'vitest';
import { ReplayedFeedDetector } from './loop-detector.ts';

const pixels = 64 * 48;
const noiseFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
};
/** A quiet room as a sensor sees it: a few pixels differ by one level from image to image. */
const recordingOf = (frames: number, seed = 1) => {
  const random = noiseFrom(seed);
  return Array.from({ length: frames }, () =>
    Uint8ClampedArray.from({ length: pixels }, (_, i) => 100 + (i % 64) + (random() < 0.02 ? 1 : 0)),
  );
};
const stepMs = 200;
const play = (frames: readonly Uint8ClampedArray[], detector = new ReplayedFeedDetector(), fromMs = 0) =>
  frames.map((luma, i) => detector.update(luma, fromMs + i * stepMs));

describe('replayed feed', () => {
  test('a recording that restarts is detected in little more than a second, and reported while it continues', () => {
    const recording = recordingOf(50);
    const said = play([...recording, ...recording, ...recording]);
    expect(said.indexOf(true)).toBe(54);
    expect(said.slice(54).every((replayed) => replayed)).toBe(true);
  });

  test('a loop of which only every fourth image repeats is detected too', () => {
    const recording = recordingOf(50);
    const others = recordingOf(50, 2);
    const again = recording.map((luma, i) => (i % 4 === 0 ? luma : (others[i] ?? luma)));
    expect(play([...recording, ...again]).at(-1)).toBe(true);
  });

  test('a quiet room as a sensor sees it is not a loop, however long', () => {
    expect(play(recordingOf(1500))).not.toContain(true);
  });

  test('a frozen image, with or without a break, is not a loop', () => {
    const [still = new Uint8ClampedArray(), other = new Uint8ClampedArray()] = recordingOf(2);
    const stands = Array.from({ length: 100 }, () => still);
    expect(play([...stands, other, ...stands])).not.toContain(true);
  });

  test('a loop is no longer reported a minute after it has ended', () => {
    const detector = new ReplayedFeedDetector();
    const recording = recordingOf(20);
    expect(play([...recording, ...recording], detector).at(-1)).toBe(true);
    expect(play(recordingOf(310, 3), detector, 40 * stepMs).at(-1)).toBe(false);
  });
});
