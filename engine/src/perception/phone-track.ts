import { intersectionOverUnion, type BoxPx } from './landmark.ts';
import type { DetectedPhone } from './phone-detector.ts';

/** Surely a phone, at first sight. */
const SURE_SCORE = 0.5;
/** Perhaps a phone: counts when the next run sees it in the same place. */
const PERHAPS_SCORE = 0.36;
/** A phone that was seen counts on while it scores at least this. */
const KEEP_SCORE = 0.28;
const SAME_PLACE_IOU = 0.25;

/** Hysteresis over runs of the phone detector, so that one doubtful picture neither starts nor ends a phone. */
export class PhoneTrack {
  #candidate: BoxPx | null = null;
  #seen: BoxPx | null = null;

  /** @returns the phone that is there, or null. */
  update(found: readonly DetectedPhone[]): DetectedPhone | null {
    const phone = found.find((one) => this.#counts(one)) ?? null;
    this.#candidate = found.find(({ score }) => score >= PERHAPS_SCORE)?.box ?? null;
    this.#seen = phone?.box ?? null;
    return phone;
  }

  /** A doubtful one waits for its second look. */
  get isWaiting(): boolean {
    return this.#candidate !== null && this.#seen === null;
  }

  reset(): void {
    this.#candidate = null;
    this.#seen = null;
  }

  #counts({ box, score }: DetectedPhone): boolean {
    if (score >= SURE_SCORE) return true;
    if (this.#seen !== null && score >= KEEP_SCORE && intersectionOverUnion(this.#seen, box) > SAME_PLACE_IOU)
      return true;
    return (
      score >= PERHAPS_SCORE && this.#candidate !== null && intersectionOverUnion(this.#candidate, box) > SAME_PLACE_IOU
    );
  }
}

/** For a picture that is judged by itself. */
export function surePhone(found: readonly DetectedPhone[]): DetectedPhone | null {
  return found.find(({ score }) => score >= SURE_SCORE) ?? null;
}
