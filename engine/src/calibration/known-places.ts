import { caretPlace } from './caret-place.ts';
import type { PointPx } from './gaze-sample.ts';

/** Typing produces many moments at one place; one per interval is enough. */
const caretPeriodMs = 2000;

/**
 * Moments when the student certainly looks at a known place of the page: clicks, and the caret while typing. Only the
 * place is used, not the clicked element or the key.
 */
export class KnownPlaces {
  readonly #listeners = new AbortController();
  #lastCaretMs = -Infinity;

  /** @param onPlace called with the place in the viewport, and the time on `performance.now()`. */
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
