/**
 * Distinguishes a frozen image from a quiet room. A sensor's noise, and even a compressed recording of an empty room,
 * changes some pixels by several levels from frame to frame; a frozen feed repeats exactly, apart from a codec's
 * refinements (at most a few levels in a few pixels).
 */
export interface FrozenFeed {
  frozen: boolean;
  /** How long the image has not changed. */
  forMs: number;
}

/**
 * Largest difference in luma levels between pixels of repeated images. Measured on compressed recordings: a still image
 * that the codec refines stays within 6 levels and a mean of 0.02, an empty room has pixels 10 levels apart and a mean
 * of 0.03 and more.
 */
const repeatLevels = 7;
/** Largest mean difference between repeated images. */
const repeatMeanLevels = 0.02;
/** Shorter repeats happen whenever a camera delivers fewer frames than requested. */
const frozenAfterMs = 1000;
/** On a busy machine, a second may contain only two images; a single repeat is then just a late image. */
const leastRepeats = 3;
/** A codec's key frame redraws the same image from time to time: one difference below this does not end the freeze. */
const keyFrameMeanLevels = 0.6;

/** Canvas noise is measured on one image; its mean on another differs by a few percent. */
const noiseTolerance = 1.15;

export class FrozenFeedDetector {
  #last = new Uint8ClampedArray(0);
  #sinceMs: number | null = null;
  #forgiven = false;
  #repeats = 0;

  /**
   * @param luma is copied.
   * @param noiseLevels mean difference, in luma levels, that the browser itself adds between two reads of the same image.
   */
  update(luma: Uint8ClampedArray, atMs: number, noiseLevels = 0): FrozenFeed {
    if (this.#last.length !== luma.length) {
      this.#last = luma.slice();
      this.#sinceMs = atMs;
      this.#repeats = 0;
      return { frozen: false, forMs: 0 };
    }
    this.#sinceMs = this.#stillSince(luma, atMs, noiseLevels);
    this.#last.set(luma);
    this.#repeats = this.#sinceMs === atMs ? 0 : this.#repeats + 1;
    const forMs = Math.max(0, atMs - this.#sinceMs);
    return { frozen: forMs >= frozenAfterMs && this.#repeats >= leastRepeats, forMs };
  }

  reset(): void {
    this.#last = new Uint8ClampedArray(0);
    this.#sinceMs = null;
    this.#forgiven = false;
  }

  #stillSince(luma: Uint8ClampedArray, atMs: number, noiseLevels: number): number {
    const since = this.#sinceMs ?? atMs;
    const mostRepeated = repeatMeanLevels + noiseTolerance * noiseLevels;
    const mayBeKeyFrame = atMs - since >= frozenAfterMs && !this.#forgiven;
    const difference = differenceOf(this.#last, luma, Math.max(mostRepeated, mayBeKeyFrame ? keyFrameMeanLevels : 0));
    if (difference !== null && difference.mean <= mostRepeated && difference.most <= repeatLevels) {
      this.#forgiven = false;
      return since;
    }
    if (mayBeKeyFrame && difference !== null && difference.mean <= keyFrameMeanLevels) {
      this.#forgiven = true;
      return since;
    }
    this.#forgiven = false;
    return atMs;
  }
}

interface Difference {
  mean: number;
  most: number;
}

/** Pixels that are compared before it is decided whether to go on. */
const chunk = 4096;

/** @returns null as soon as the mean is certain to exceed `mostMean`: images of a live camera differ in their first rows. */
const differenceOf = (a: Uint8ClampedArray, b: Uint8ClampedArray, mostMean: number): Difference | null => {
  const mostSum = mostMean * a.length;
  let sum = 0;
  let most = 0;
  for (let from = 0; from < a.length; from += chunk) {
    const to = Math.min(a.length, from + chunk);
    for (let i = from; i < to; i++) {
      const d = Math.abs(a[i]! - b[i]!);
      sum += d;
      if (d > most) most = d;
    }
    if (sum > mostSum) return null;
  }
  return { mean: a.length > 0 ? sum / a.length : 0, most };
};
