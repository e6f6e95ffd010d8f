import { describe, expect, test } from 'vitest';
import { MouthMovement } from './mouth-movement.ts';

/** Five images a second for four seconds. */
const after = (openness: (atMs: number) => number) => {
  const movement = new MouthMovement();
  let moving: boolean | null = null;
  for (let atMs = 0; atMs <= 4000; atMs += 200) moving = movement.update(openness(atMs), atMs);
  return moving;
};

describe('mouth movement', () => {
  test('counts opening and closing a few times a second as speech', () => {
    expect(after((atMs) => 0.12 + 0.1 * Math.sin((atMs / 1000) * 2 * Math.PI * 1.7))).toBe(true);
  });

  test('does not count a closed mouth with the mesh’s noise', () => {
    expect(after((atMs) => 0.02 + 0.008 * Math.sin(atMs))).toBe(false);
  });

  test('does not count a mouth that stays open, nor a yawn', () => {
    expect(after(() => 0.6)).toBe(false);
    expect(after((atMs) => Math.min(0.9, atMs / 4000))).toBe(false);
  });

  test('is unknown for a short time', () => {
    expect(new MouthMovement().update(0.3, 0)).toBeNull();
  });
});
