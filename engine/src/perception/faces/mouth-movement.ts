/** Long enough for several syllables. */
const WINDOW_MS = 2000;
const FEWEST_SAMPLES = 5;
/** Standard deviation of openness, and changes of direction, that speech makes in the window; a yawn makes one. */
const MIN_DEVIATION = 0.035;
const MIN_TURNS = 2;
/** Smaller steps are the mesh's noise. */
const MIN_STEP = 0.02;

/** Whether the mouth moves as in speech. A movement, not words: there is no sound. */
export class MouthMovement {
  #samples: { atMs: number; openness: number }[] = [];

  /** @returns null while too little was seen. */
  update(openness: number, atMs: number): boolean | null {
    this.#samples.push({ atMs, openness });
    this.#samples = this.#samples.filter((sample) => atMs - sample.atMs <= WINDOW_MS);
    if (this.#samples.length < FEWEST_SAMPLES) return null;
    const values = this.#samples.map((sample) => sample.openness);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return deviation >= MIN_DEVIATION && turns(values) >= MIN_TURNS;
  }

  reset(): void {
    this.#samples = [];
  }
}

function turns(values: readonly number[]): number {
  let [from, direction, count] = [values[0] ?? 0, 0, 0];
  for (const value of values) {
    if (Math.abs(value - from) < MIN_STEP) continue;
    const next = Math.sign(value - from);
    if (direction !== 0 && next !== direction) count++;
    [from, direction] = [value, next];
  }
  return count;
}
