import { RejectedCandidates } from '../faces/rejected-candidates.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { overlapOfSmaller } from '../geometry/landmark.ts';
import type { BoxPx, SizePx } from '../geometry/landmark.ts';
import type { DetectedPhone } from './phone-detector.ts';
import { withoutRest } from './split-search.ts';
import type { Rest } from './split-search.ts';
import { agreement, keepLook, lookSides, minAgreement } from './phone-thresholds.ts';

/** The part of the phone detector that is needed. */
export interface PhoneSource<Image> {
  /** Suspects in the whole image, highest score first. */
  suspects(image: Image, rotationRad: number): Promise<DetectedPhone[]>;
  /** The same region from close up, by the other model. */
  inSquare(image: Image, square: SampledSquare): Promise<DetectedPhone[]>;
}

const mostSuspects = 2;
/**
 * In a stream, a search without suspects is repeated on the rotated image once in this many searches: phones are rarely held
 * sideways for long, and where nothing has changed none has appeared.
 */
const searchesPerTurnedOne = { changed: 4, unchanged: 8 };
/** The close-up detection must overlap the suspect. */
const samePlaceOverlap = 0.2;
const upright = 0;
const quarterTurn = Math.PI / 2;

/** A suspect and its rotation. */
interface CloserLook {
  suspect: DetectedPhone;
  rotationRad: number;
}

export interface PhoneSearch {
  /**
   * Every suspect, upright and rotated, as for a single image. In a stream a search runs the close-up model at most twice, and
   * skips rejected suspects.
   */
  thorough?: boolean;
  /** Whether the image has changed since the last search. */
  sceneChanged?: boolean;
  /** Called before each run of a model. */
  rest?: Rest;
}

/** Decides whether there is a phone: two independently trained models have to agree on it. */
export class PhoneFinder<Image extends SizePx> {
  readonly #detector: PhoneSource<Image>;
  readonly #dismissed = new RejectedCandidates();
  #last: CloserLook | null = null;
  #searches = 0;
  #searchesSinceTurn = 0;
  #changedSinceTurn = true;
  #isCalm = false;
  /** Of the current search. */
  #rest: Rest = withoutRest;

  constructor(detector: PhoneSource<Image>) {
    this.#detector = detector;
  }

  /** Whether the last search found no suspects other than rejected ones. */
  get isCalm(): boolean {
    return this.#isCalm;
  }

  /** @returns the phone with the highest agreement of the models, or null. */
  async find(
    image: Image,
    { thorough = false, sceneChanged = false, rest = withoutRest }: PhoneSearch = {},
  ): Promise<DetectedPhone | null> {
    this.#rest = rest;
    this.#changedSinceTurn ||= sceneChanged;
    const last = this.#last;
    this.#last = null;
    this.#isCalm = false;
    // While a phone is held in the image, one check at its place is enough.
    if (last !== null) {
      const still = await this.#look(image, last, keepLook);
      if (still !== null) return still;
    }
    return this.#anywhere(image, thorough);
  }

  reset(): void {
    this.#last = null;
    this.#searches = 0;
    this.#searchesSinceTurn = 0;
    this.#changedSinceTurn = true;
    this.#isCalm = false;
    this.#dismissed.reset();
  }

  async #anywhere(image: Image, thorough: boolean): Promise<DetectedPhone | null> {
    const search = this.#searches++;
    this.#searchesSinceTurn += 1;
    await this.#rest();
    const found = await this.#detector.suspects(image, upright);
    const suspects = found
      .filter((suspect) => thorough || !this.#dismissed.isKnown(suspect, search))
      .slice(0, mostSuspects);
    const looks = suspects.map((suspect) => ({ suspect, rotationRad: upright }));
    const [first] = suspects;
    if (thorough && first !== undefined) looks.push({ suspect: first, rotationRad: quarterTurn });
    const phone = await this.#surest(image, looks);
    if (phone !== null) return phone;
    for (const suspect of suspects) this.#dismissed.dismiss(suspect, search);
    this.#isCalm = suspects.length === 0;
    const wait = this.#changedSinceTurn ? searchesPerTurnedOne.changed : searchesPerTurnedOne.unchanged;
    const isTurn = this.#isCalm && this.#searchesSinceTurn >= wait;
    return thorough || !isTurn ? null : this.#turned(image);
  }

  /** Both models were trained on mostly upright phones: rotating the image finds one that lies on its side. */
  async #turned(image: Image): Promise<DetectedPhone | null> {
    this.#searchesSinceTurn = 0;
    this.#changedSinceTurn = false;
    await this.#rest();
    const suspects = (await this.#detector.suspects(image, quarterTurn)).slice(0, 1);
    return this.#surest(
      image,
      suspects.map((suspect) => ({ suspect, rotationRad: quarterTurn })),
    );
  }

  async #surest(image: Image, looks: readonly CloserLook[]): Promise<DetectedPhone | null> {
    let surest: { phone: DetectedPhone; look: CloserLook } | null = null;
    for (const look of looks) {
      const phone = await this.#look(image, look, 0);
      if (phone === null || phone.score < minAgreement || phone.score <= (surest?.phone.score ?? 0)) continue;
      surest = { phone, look };
    }
    this.#last = surest === null ? null : this.#nextLook(surest.look, surest.phone.box);
    return surest?.phone ?? null;
  }

  /** @returns the close-up detection at the suspect's place, with the agreement as its score. */
  async #look(image: Image, look: CloserLook, minScore: number): Promise<DetectedPhone | null> {
    const { suspect, rotationRad } = look;
    const { x, y, width, height } = suspect.box;
    await this.#rest();
    // The square may extend beyond the image: a phone that fills the image then appears smaller, which helps as well.
    const seen = await this.#detector.inSquare(image, {
      centerX: x + width / 2,
      centerY: y + height / 2,
      sidePx: Math.max(width, height) * lookSides,
      rotationRad,
    });
    const phone = seen.find(
      ({ score, box }) => score >= minScore && overlapOfSmaller(box, suspect.box) > samePlaceOverlap,
    );
    if (phone === undefined) return null;
    if (minScore > 0) this.#last = this.#nextLook(look, phone.box);
    return { box: phone.box, score: agreement(suspect.score, phone.score) };
  }

  #nextLook({ suspect, rotationRad }: CloserLook, box: BoxPx): CloserLook {
    return { suspect: { box, score: suspect.score }, rotationRad };
  }
}
