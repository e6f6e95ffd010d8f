/**
 * Detects a recording that repeats after any length, which `StaticReadings` detects only up to its number of frames. Plain JSON.
 *
 * Of all different readings, those whose hash is a multiple of `rate` are remembered as marks, for the whole session. In a loop the same marks
 * return in turn. A living person's readings rarely repeat to the last digit, and time counts only between two marks in a row that return.
 */
export interface LongLoop {
  /** Hashes, ascending by time. */
  marks: readonly number[];
  /** Doubles when the marks are full: a power of two. */
  rate: number;
  /** Whether the last mark had been seen before, and the time since then that `StaticReadings` did not count. */
  wasKnown: boolean;
  sinceMarkMs: number;
  repeatedMs: number;
}

const maxMarks = 128;
const firstRate = 8;

export const startLongLoop = (): LongLoop => ({
  marks: [],
  rate: firstRate,
  wasKnown: false,
  sinceMarkMs: 0,
  repeatedMs: 0,
});

const addMark = (marks: readonly number[], rate: number, hash: number): Pick<LongLoop, 'marks' | 'rate'> => {
  let kept = [...marks, hash];
  let keptRate = rate;
  while (kept.length > maxMarks) {
    keptRate *= 2;
    kept = kept.filter((mark) => mark % keptRate === 0);
  }
  return { marks: kept, rate: keptRate };
};

/**
 * Adds a frame. The time between two marks that were both seen before is repeated.
 * @param hash of the frame's readings @param uncountedMs since the previous frame; 0 if `StaticReadings` counts this time
 */
export const stepLongLoop = (before: LongLoop, hash: number, uncountedMs: number): LongLoop => {
  const sinceMarkMs = before.sinceMarkMs + uncountedMs;
  const { marks, rate, wasKnown, repeatedMs } = before;
  // A power of two: the remainder is in the lowest bits.
  if ((hash & (rate - 1)) !== 0) return { marks, rate, wasKnown, sinceMarkMs, repeatedMs };
  const isKnown = before.marks.includes(hash);
  return {
    ...(isKnown ? { marks: before.marks, rate: before.rate } : addMark(before.marks, before.rate, hash)),
    wasKnown: isKnown,
    sinceMarkMs: 0,
    repeatedMs: before.repeatedMs + (isKnown && before.wasKnown ? sinceMarkMs : 0),
  };
};
