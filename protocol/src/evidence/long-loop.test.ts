import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startLongLoop, stepLongLoop } from './long-loop.ts';
import type { LongLoop } from './long-loop.ts';

const stepMs = 200;
const fold = (hashes: readonly number[], from = startLongLoop()): LongLoop =>
  hashes.reduce((before, hash) => stepLongLoop(before, hash, stepMs), from);
/** Different hashes, spread like those of real readings. */
const recording = (length: number, offset = 0): number[] =>
  Array.from({ length }, (_, at) => Math.imul(at + offset + 1, 0x9e3779b1) >>> 0);
const hashes = fc.uniqueArray(fc.nat(2 ** 32 - 1), { maxLength: 600 });

test.each([257, 1000, 3000, 18_000])('a recording of %i frames that repeats is noticed, nearly all of it', (length) => {
  const loop = recording(length);
  const share = fold([...loop, ...loop, ...loop]).repeatedMs / (2 * length * stepMs);
  expect(share).toBeGreaterThan(0.9);
  expect(share).toBeLessThanOrEqual(1);
});

test('a recording that begins late in a long session is noticed', () => {
  const before = fold(recording(18_000));
  const loop = recording(3000, 18_000);
  expect(fold([...loop, ...loop, ...loop], before).repeatedMs).toBeGreaterThan(3000 * stepMs);
});

test('readings that never repeat are not', () => {
  fc.assert(
    fc.property(hashes, (all) => {
      expect(fold(all).repeatedMs).toBe(0);
    }),
  );
});

test('one reading that happens to return is not', () => {
  const all = recording(2000);
  expect(fold([...all, all[0]!, all[8]!, ...recording(2000, 2000)]).repeatedMs).toBe(0);
});

test('never counts more time than there was, takes none back, and stays small', () => {
  fc.assert(
    fc.property(hashes, fc.nat(3), (all, repeats) => {
      let before = startLongLoop();
      const frames = Array.from({ length: repeats + 1 }, () => all).flat();
      for (const hash of frames) {
        const after = stepLongLoop(before, hash, stepMs);
        expect(after.repeatedMs).toBeGreaterThanOrEqual(before.repeatedMs);
        expect(after.marks.length).toBeLessThanOrEqual(128);
        before = after;
      }
      expect(before.repeatedMs).toBeLessThanOrEqual(frames.length * stepMs);
    }),
  );
});
