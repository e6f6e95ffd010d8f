import { describe, expect, test } from 'vitest';
import { StaticFaceFilter } from './static-face-filter.ts';

const student = { x: 250, y: 150, width: 140, height: 170 };
const other = { x: 40, y: 60, width: 60, height: 70 };

const pictures = (faces: readonly boolean[]) => faces.filter((isPicture) => isPicture).length;

/** Five images a second. `move` gives the other face's shift in pixels at a time. */
const watch = (seconds: number, move: (atMs: number) => number) => {
  const still = new StaticFaceFilter();
  let count = 0;
  for (let atMs = 0; atMs <= seconds * 1000; atMs += 200) {
    count = pictures(still.update([student, { ...other, x: other.x + move(atMs) }], atMs));
  }
  return count;
};

describe('still faces', () => {
  test('a picture on the wall is recognised after twenty seconds, despite the mesh’s noise', () => {
    expect(watch(19, (atMs) => Math.sin(atMs) * 1)).toBe(0);
    expect(watch(21, (atMs) => Math.sin(atMs) * 1)).toBe(1);
  });

  test('a face that sways by a centimetre is a person', () => {
    expect(watch(120, (atMs) => Math.sin(atMs / 900) * 4)).toBe(0);
  });

  test('the student never counts as a picture, however still', () => {
    const still = new StaticFaceFilter();
    for (let atMs = 0; atMs < 60_000; atMs += 200) expect(still.update([student], atMs)).toEqual([false]);
  });

  test('a picture that is missed for two seconds is still the same picture', () => {
    const still = new StaticFaceFilter();
    for (let atMs = 0; atMs <= 21_000; atMs += 200) still.update([student, other], atMs);
    for (let atMs = 21_200; atMs <= 23_000; atMs += 200) still.update([student], atMs);
    expect(still.update([student, other], 23_200)).toEqual([false, true]);
  });

  test('a picture on the wall does not become the student when the student leaves, nor after they return', () => {
    const still = new StaticFaceFilter();
    for (let atMs = 0; atMs <= 21_000; atMs += 200) still.update([student, other], atMs);
    for (let atMs = 21_200; atMs <= 40_000; atMs += 200) expect(still.update([other], atMs)).toEqual([true]);
    expect(still.update([student, other], 40_200)).toEqual([false, true]);
  });

  test('a face that is nearer than the picture was is a person again', () => {
    const still = new StaticFaceFilter();
    for (let atMs = 0; atMs <= 21_000; atMs += 200) still.update([student, other], atMs);
    const nearer = { x: 30, y: 50, width: 80, height: 95 };
    expect(still.update([student, nearer], 21_200)).toEqual([false, false]);
    expect(still.update([nearer], 21_400)).toEqual([false]);
  });
});
