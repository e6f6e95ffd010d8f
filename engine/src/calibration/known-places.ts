import { caretPlace } from './caret-place.ts';
import type { PointPx } from './gaze-sample.ts';

/** Typing is a stream of moments at one place; one in so long is enough. */
const caretPeriodMs = 2000;

/**
 * Moments when the student surely looks at a known place of the page: where they click, and where their typing appears. Only
 * the place is taken: neither what was clicked nor which key it was.
 */
export class KnownPlaces {
  readonly #listeners = new AbortController();
  #lastCaretMs = -Infinity;

  /** @param onPlace is told the place in the viewport, and when on `performance.now()`. */
  constructor(onPlace: (place: PointPx, atMs: number) => void) {
    const options = { capture: true, passive: true, signal: this.#listeners.signal };
    window.addEventListener(
      'pointerdown',
      (event) => {
        if (event.isTrusted && event.isPrimary) onPlace({ x: event.clientX, y: event.clientY }, performance.now());
      },
      options,
    );
    window.addEventListener(
      'input',
      (event) => {
        const atMs = performance.now();
        if (!event.isTrusted || atMs - this.#lastCaretMs < caretPeriodMs) return;
        this.#lastCaretMs = atMs;
        const place = caretPlace();
        if (place !== null) onPlace(place, atMs);
      },
      options,
    );
  }

  close(): void {
    this.#listeners.abort();
  }
}
