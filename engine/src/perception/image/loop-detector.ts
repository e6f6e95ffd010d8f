/**
 * Detects a recording that plays in a loop: a sensor's noise makes every camera image different, so many images that
 * repeat exactly after a long time must have been stored. A frozen image does not count here.
 */

/** Within this time, a camera that delivers fewer images than requested repeats the last ones. */
const soonestMs = 1500;
/** A longer loop is not detected. */
const longestMs = 600_000;
const mostRemembered = 6000;
/**
 * Repeats by chance do not occur; still, one image is not enough, because a camera's start-up image may appear twice.
 */
const returnsThatCount = 5;
const countedWithinMs = 60_000;

export class ReplayedFeedDetector {
  /** Fingerprint → when it was last seen, oldest first. */
  readonly #seen = new Map<number, number>();
  #last: number | null = null;
  #returnsAtMs: number[] = [];

  /** @returns whether the images of the last minute came from a loop. */
  update(luma: Uint8ClampedArray, atMs: number): boolean {
    const print = fingerprint(luma);
    const isSameAsLast = print === this.#last;
    this.#last = print;
    if (!isSameAsLast) {
      const before = this.#seen.get(print) ?? null;
      if (before !== null && atMs - before >= soonestMs && atMs - before <= longestMs) this.#returnsAtMs.push(atMs);
      this.#remember(print, atMs);
    }
    this.#returnsAtMs = this.#returnsAtMs.filter((returned) => atMs - returned <= countedWithinMs);
    return this.#returnsAtMs.length >= returnsThatCount;
  }

  reset(): void {
    this.#seen.clear();
    this.#last = null;
    this.#returnsAtMs = [];
  }

  #remember(print: number, atMs: number): void {
    this.#seen.delete(print);
    this.#seen.set(print, atMs);
    const [oldest] = this.#seen.keys();
    if (oldest !== undefined && this.#seen.size > mostRemembered) this.#seen.delete(oldest);
  }
}

/** Fingerprints use every seventh pixel: enough to distinguish any two images of a sensor. */
const step = 7;

/** Two FNV-1a hashes, one of them over shifted values, in one number of 53 bits. */
const fingerprint = (luma: Uint8ClampedArray): number => {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < luma.length; i += step) {
    a = Math.imul(a ^ luma[i]!, 0x01000193);
    b = Math.imul(b ^ (luma[i]! + i), 0x85ebca6b);
  }
  return (a >>> 0) * 2 ** 21 + ((b >>> 0) & 0x1fffff);
};
