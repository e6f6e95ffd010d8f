/**
 * Tells a recording that plays in a loop: a sensor's noise makes every picture of a camera different, so pictures that come
 * back to the bit, many of them and long after, were stored somewhere. A picture that only stands still is not counted here.
 */

/** Sooner than this, a camera that gives fewer pictures than are asked of it repeats the last ones. */
const soonestMs = 1500;
/** A loop that is longer than this is not noticed. */
const longestMs = 600_000;
const mostRemembered = 6000;
/** Chance hits do not exist; one picture is not enough all the same, because a camera's start-up picture may come twice. */
const returnsThatCount = 5;
const countedWithinMs = 60_000;

export class ReplayedFeedDetector {
  /** Fingerprint → when it was last seen, oldest first. */
  readonly #seen = new Map<number, number>();
  #last: number | null = null;
  #returnsAtMs: number[] = [];

  /** @returns whether the pictures of the last minute came from a loop. */
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

/** Fingerprints are of every seventh pixel: enough for no two pictures of a sensor to agree. */
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
