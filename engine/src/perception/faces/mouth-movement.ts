/** Long enough for several syllables. */
const windowMs = 2000;
const fewestSamples = 5;
/** Standard deviation of openness, and changes of direction, that speech makes in the window; a yawn makes one. */
const minDeviation = 0.035;
const minTurns = 2;
/** Smaller steps are the mesh's noise. */
const minStep = 0.02;

/** Whether the mouth moves as in speech. Only movement is measured; no sound is recorded. */
export class MouthMovement {
  #samples: { atMs: number; openness: number }[] = [];

  /** @returns null while too little was observed. */
  update(openness: number, atMs: number): boolean | null {
    this.#samples.push({ atMs, openness });
    this.#samples = this.#samples.filter((sample) => atMs - sample.atMs <= windowMs);
    if (this.#samples.length < fewestSamples) return null;
    const values = this.#samples.map((sample) => sample.openness);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    return deviation >= minDeviation && turns(values) >= minTurns;
  }

  reset(): void {
    this.#samples = [];
  }
}

const turns = (values: readonly number[]): number => {
  let [from, direction, count] = [values[0] ?? 0, 0, 0];
  for (const value of values) {
    if (Math.abs(value - from) < minStep) continue;
    const next = Math.sign(value - from);
    if (direction !== 0 && next !== direction) count++;
    [from, direction] = [value, next];
  }
  return count;
};
