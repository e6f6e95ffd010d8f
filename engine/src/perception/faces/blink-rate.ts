/** Eyes that are shut for longer are resting, not blinking. */
const LONGEST_BLINK_MS = 600;
const WINDOW_MS = 60_000;
/** Before so much was seen, a rate says little. */
const FEWEST_SEEN_MS = 20_000;
/** Between two looks further apart than this, nothing was seen. */
const LONGEST_GAP_MS = 1500;
/** How long the lids are near shut: about half of a spontaneous blink, which takes 0.1–0.4 s in all. */
const SHUT_MS = 170;

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
    const gapMs = last === undefined ? 0 : Math.min(LONGEST_GAP_MS, atMs - last.atMs);
    if (!closed) this.#closedSinceMs = null;
    else this.#closedSinceMs ??= atMs;
    if (this.#closedSinceMs !== null && atMs - this.#closedSinceMs > LONGEST_BLINK_MS) {
      // What looked like the beginning of a blink was eyes at rest.
      const sinceMs = this.#closedSinceMs;
      this.#looks = this.#looks.filter((look) => look.atMs < sinceMs);
    } else {
      this.#looks.push({ atMs, closed, gapMs });
    }
    this.#looks = this.#looks.filter((look) => atMs - look.atMs < WINDOW_MS);
    return this.#rate();
  }

  reset(): void {
    this.#looks = [];
    this.#closedSinceMs = null;
  }

  #rate(): number | null {
    const seenMs = this.#looks.reduce((sum, { gapMs }) => sum + gapMs, 0);
    if (seenMs < FEWEST_SEEN_MS) return null;
    const meanGapMs = seenMs / this.#looks.length;
    const shut = this.#looks.filter((look, index) => look.closed && !this.#looks[index - 1]?.closed).length;
    // Looks closer together than a blink is long meet each blink once.
    const metPart = Math.min(1, SHUT_MS / meanGapMs);
    return (shut / metPart) * (60_000 / seenMs);
  }
}
