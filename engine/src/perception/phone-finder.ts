import type { SampledSquare } from './image-sampler.ts';
import type { BoxPx, SizePx } from './landmark.ts';
import type { DetectedPhone } from './phone-detector.ts';

/** The part of the phone detector that is needed: the whole image, or a square of it. */
export interface PhoneSource<Image> {
  detect(image: Image, square?: SampledSquare): Promise<DetectedPhone[]>;
}

/** What may be a phone at first sight is looked at closer. */
const SUSPECT_SCORE = 0.22;
const MOST_SUSPECTS = 2;
/** Side of the square of the closer look, in sides of the suspect's box. */
const CLOSER_SIDE_PER_BOX = 2.5;
/**
 * What flutes, keypads and sleeves reach in the closer look stays below .34, whatever they were taken for from afar. The sum
 * of both looks keeps out what is doubtful in both.
 */
const PHONE_SCORE = 0.38;
const PHONE_SCORE_SUM = 0.7;
/** A phone that was there keeps counting down to this. */
const KEEP_SCORE = 0.33;

/** Decides whether there is a phone: what looks like one has to look like one from close by, too. */
export class PhoneFinder<Image extends SizePx> {
  readonly #detector: PhoneSource<Image>;
  #last: BoxPx | null = null;

  constructor(detector: PhoneSource<Image>) {
    this.#detector = detector;
  }

  /** @returns the surest phone, or null. */
  async find(image: Image): Promise<DetectedPhone | null> {
    const phone = (await this.#whereItWas(image)) ?? (await this.#anywhere(image));
    this.#last = phone?.box ?? null;
    return phone;
  }

  reset(): void {
    this.#last = null;
  }

  /** While a phone is held in the picture, one look at its place is enough. */
  async #whereItWas(image: Image): Promise<DetectedPhone | null> {
    return this.#last === null ? null : this.#closer(image, this.#last, KEEP_SCORE);
  }

  async #anywhere(image: Image): Promise<DetectedPhone | null> {
    const suspects = (await this.#detector.detect(image)).filter(({ score }) => score >= SUSPECT_SCORE);
    for (const { box, score } of suspects.slice(0, MOST_SUSPECTS)) {
      const phone = await this.#closer(image, box, Math.max(PHONE_SCORE, PHONE_SCORE_SUM - score));
      if (phone !== null) return { box: phone.box, score: Math.max(phone.score, score) };
    }
    return null;
  }

  /** The square may reach beyond the image: a phone that fills the image is then seen smaller, which helps as well. */
  async #closer(image: Image, box: BoxPx, minScore: number): Promise<DetectedPhone | null> {
    const found = await this.#detector.detect(image, {
      centerX: box.x + box.width / 2,
      centerY: box.y + box.height / 2,
      sidePx: Math.max(box.width, box.height) * CLOSER_SIDE_PER_BOX,
      rotationRad: 0,
    });
    return found.find(({ score }) => score >= minScore) ?? null;
  }
}
