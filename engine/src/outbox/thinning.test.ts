import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { framesToThin } from './thinning.ts';
import type { ThinningEntry } from './thinning.ts';

const entries = (count: number, tierOf: (seq: number) => 0 | 1 | 2 = () => 0): ThinningEntry[] =>
  Array.from({ length: count }, (_, seq) => ({ seq, bytes: 10, tier: tierOf(seq) }));

const kept = (all: readonly ThinningEntry[], maxFrames: number, maxBytes = Infinity): number[] => {
  const dropped = new Set(framesToThin(all, { maxFrames, maxBytes }));
  return all.map(({ seq }) => seq).filter((seq) => !dropped.has(seq));
};

describe('thinning', () => {
  test('drops nothing while everything fits', () => {
    expect(framesToThin(entries(10), { maxFrames: 10, maxBytes: 100 })).toEqual([]);
  });

  test('halves the rate of the older half first', () => {
    expect(kept(entries(16), 12)).toEqual([0, 2, 4, 6, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  test('leaves no long hole: old sections become sparser, not empty', () => {
    const seqs = kept(entries(1000), 250);
    const gaps = seqs.map((seq, index) => seq - (seqs[index - 1] ?? seq));
    expect(seqs[0]).toBe(0);
    expect(seqs.at(-1)).toBe(999);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(64);
  });

  test('keeps the frames around an observation while others can go', () => {
    const around = (seq: number): 0 | 1 => (seq >= 100 && seq < 140 ? 1 : 0);
    const seqs = new Set(kept(entries(1000, around), 200));
    for (let seq = 100; seq < 140; seq += 1) expect(seqs.has(seq)).toBe(true);
  });

  test('meets both goals for any protected ranges, and never names a frame twice', () => {
    const entry = fc.record({ bytes: fc.integer({ min: 1, max: 2000 }), tier: fc.constantFrom<0 | 1 | 2>(0, 1, 2) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 200 }), fc.integer({ min: 3, max: 100 }), (list, maxFrames) => {
        const all = list.map((item, seq) => ({ ...item, seq }));
        const dropped = framesToThin(all, { maxFrames, maxBytes: 6000 });
        const rest = all.filter(({ seq }) => !dropped.includes(seq));
        expect(new Set(dropped).size).toBe(dropped.length);
        expect(dropped.toSorted((a, b) => a - b)).toEqual(dropped);
        expect(rest.length).toBeLessThanOrEqual(maxFrames);
        expect(rest.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(6000);
      }),
    );
  });
});
