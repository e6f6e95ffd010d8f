/** Eyes that are closed for longer are resting, not blinking. */
const longestBlinkMs = 600;
const windowMs = 60_000;
/** With less observed time, the rate is unreliable. */
const fewestSeenMs = 20_000;
/** Time between two observations further apart than this does not count as observed. */
const longestGapMs = 1500;
/** How long the lids are nearly closed: about half of a spontaneous blink, which takes 0.1–0.4 s in all. */
const shutMs = 170;

interface Look {
  atMs: number;
  closed: boolean;
  /** Since the previous observation. */
  gapMs: number;
}

/**
 * Blinks a minute, estimated from observations that are further apart than a blink lasts. An observation meets a blink
 * by chance, so the rate is the share of observations with closed eyes, divided by how long a blink keeps them closed.
 */
export class BlinkRate {
  #looks: Look[] = [];
  #closedSinceMs: number | null = null;

  /** @returns null while too little was observed. */
  update(closed: boolean, atMs: number): number | null {
    const last = this.#looks.at(-1);
    const gapMs = last === undefined ? 0 : Math.min(longestGapMs, atMs - last.atMs);
    if (!closed) this.#closedSinceMs = null;
    else this.#closedSinceMs ??= atMs;
    if (this.#closedSinceMs !== null && atMs - this.#closedSinceMs > longestBlinkMs) {
      // What looked like the start of a blink was a student resting their eyes.
      const sinceMs = this.#closedSinceMs;
      this.#looks = this.#looks.filter((look) => look.atMs < sinceMs);
    } else {
      this.#looks.push({ atMs, closed, gapMs });
    }
    this.#looks = this.#looks.filter((look) => atMs - look.atMs < windowMs);
    return this.#rate();
  }

  reset(): void {
    this.#looks = [];
    this.#closedSinceMs = null;
  }

  #rate(): number | null {
    const seenMs = this.#looks.reduce((sum, { gapMs }) => sum + gapMs, 0);
    if (seenMs < fewestSeenMs) return null;
    const meanGapMs = seenMs / this.#looks.length;
    const shut = this.#looks.filter((look, index) => look.closed && !this.#looks[index - 1]?.closed).length;
    // Observations closer together than a blink meet each blink once.
    const metPart = Math.min(1, shutMs / meanGapMs);
    return (shut / metPart) * (60_000 / seenMs);
  }
}
