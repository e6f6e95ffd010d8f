/** Eyes that are shut for longer are resting, not blinking. */
const longestBlinkMs = 600;
const windowMs = 60_000;
/** Before so much was seen, a rate says little. */
const fewestSeenMs = 20_000;
/** Between two looks further apart than this, nothing was seen. */
const longestGapMs = 1500;
/** How long the lids are near shut: about half of a spontaneous blink, which takes 0.1–0.4 s in all. */
const shutMs = 170;

interface Look {
  atMs: number;
  closed: boolean;
  /** Since the look before. */
  gapMs: number;
}

/**
 * Blinks a minute, from looks at the eyes that are further apart than a blink is long. A look meets a blink by chance, so the share of
 * looks that found shut eyes, over the time that a blink keeps them shut, is the rate.
 */
export class BlinkRate {
  #looks: Look[] = [];
  #closedSinceMs: number | null = null;

  /** @returns null while too little was seen. */
  update(closed: boolean, atMs: number): number | null {
    const last = this.#looks.at(-1);
    const gapMs = last === undefined ? 0 : Math.min(longestGapMs, atMs - last.atMs);
    if (!closed) this.#closedSinceMs = null;
    else this.#closedSinceMs ??= atMs;
    if (this.#closedSinceMs !== null && atMs - this.#closedSinceMs > longestBlinkMs) {
      // What looked like the beginning of a blink was eyes at rest.
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
    // Looks closer together than a blink is long meet each blink once.
    const metPart = Math.min(1, shutMs / meanGapMs);
    return (shut / metPart) * (60_000 / seenMs);
  }
}
