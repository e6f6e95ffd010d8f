/** The next number from 0 (included) to 1 (excluded). */
export type NextRandom = () => number;

/** A small seeded generator (mulberry32). */
export const randomFrom = (seed: number): NextRandom => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const between = (random: NextRandom, from: number, to: number): number => from + (to - from) * random();
