import type { FeatureReadings } from '../perception/readings/feature-readings.ts';

/**
 * An image without light and without noise comes from the driver: behind a covered lens a sensor still has noise (contrast of .003
 * and more). Reopening a covered camera would only cost the student a second of coverage.
 */
const most = { brightness: 0.01, contrast: 0.001 };
/**
 * Black images in a row: a single one may come from a camera that is adjusting its exposure. Two are still too few for
 * the rules, which report nothing before a second has passed.
 */
const imagesInRow = 2;
/** A lens that is covered again and again must not restart the camera each time. */
const leastGapMs = 60_000;

/**
 * Notices a camera that is live and sends black images, as some drivers do until they are opened again. The camera is
 * then reopened once; if its images are still black, the driver is not the cause.
 */
export class BlackFeed {
  #inRow = 0;
  #isTried = false;
  #triedMs = -Infinity;

  /** @param atMs when the image was taken, on a clock that never goes back. @returns whether to reopen the camera now. */
  update({ image_brightness: brightness, image_contrast: contrast }: FeatureReadings, atMs: number): boolean {
    if (typeof brightness !== 'number' || typeof contrast !== 'number') return false;
    const isBlack = brightness <= most.brightness && contrast <= most.contrast;
    this.#inRow = isBlack ? this.#inRow + 1 : 0;
    if (!isBlack) this.#isTried = false;
    if (this.#inRow < imagesInRow || this.#isTried || atMs - this.#triedMs < leastGapMs) return false;
    this.#isTried = true;
    this.#triedMs = atMs;
    return true;
  }
}
