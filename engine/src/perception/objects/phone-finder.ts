import { RejectedCandidates } from '../faces/rejected-candidates.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { overlapOfSmaller, type BoxPx, type SizePx } from '../geometry/landmark.ts';
import type { DetectedPhone } from './phone-detector.ts';
import { agreement, KEEP_LOOK, LOOK_SIDES, MIN_AGREEMENT } from './phone-thresholds.ts';

/** The part of the phone detector that is needed. */
export interface PhoneSource<Image> {
  /** What may be a phone in the whole image, surest first. */
  suspects(image: Image, rotationRad: number): Promise<DetectedPhone[]>;
  /** The same from close by, by another model. */
  inSquare(image: Image, square: SampledSquare): Promise<DetectedPhone[]>;
}

const MOST_SUSPECTS = 2;
/** In a stream, an image without suspects is searched turned by a quarter this seldom: phones that lie are not held up for long. */
const SEARCHES_PER_TURNED_ONE = 4;
/** What the closer look sees has to be the suspect itself. */
const SAME_PLACE_OVERLAP = 0.2;
const UPRIGHT = 0;
const QUARTER_TURN = Math.PI / 2;

/** A suspect and how it is held while it is looked at. */
interface CloserLook {
  suspect: DetectedPhone;
  rotationRad: number;
}

/** Decides whether there is a phone: two models that were trained apart have to agree on it. */
export class PhoneFinder<Image extends SizePx> {
  readonly #detector: PhoneSource<Image>;
  readonly #dismissed = new RejectedCandidates();
  #last: CloserLook | null = null;
  #searches = 0;
  #isCalm = false;

  constructor(detector: PhoneSource<Image>) {
    this.#detector = detector;
  }

  /** Whether the last search found nothing that might be a phone, besides what is known to be none. */
  get isCalm(): boolean {
    return this.#isCalm;
  }

  /**
   * @param thorough every suspect, upright and turned, as for a single image. In a stream a search costs at most two closer
   * looks, and what was dismissed before is left out.
   * @returns the surest phone with the models' agreement as its score, or null.
   */
  async find(image: Image, thorough = false): Promise<DetectedPhone | null> {
    const last = this.#last;
    this.#last = null;
    this.#isCalm = false;
    // While a phone is held in the image, one look at its place is enough.
    if (last !== null) {
      const still = await this.#look(image, last, KEEP_LOOK);
      if (still !== null) return still;
    }
    return this.#anywhere(image, thorough);
  }

  reset(): void {
    this.#last = null;
    this.#searches = 0;
    this.#isCalm = false;
    this.#dismissed.reset();
  }

  async #anywhere(image: Image, thorough: boolean): Promise<DetectedPhone | null> {
    const search = this.#searches++;
    const found = await this.#detector.suspects(image, UPRIGHT);
    const suspects = found
      .filter((suspect) => thorough || !this.#dismissed.isKnown(suspect, search))
      .slice(0, MOST_SUSPECTS);
    const looks = suspects.map((suspect) => ({ suspect, rotationRad: UPRIGHT }));
    const [first] = suspects;
    if (thorough && first !== undefined) looks.push({ suspect: first, rotationRad: QUARTER_TURN });
    const phone = await this.#surest(image, looks);
    if (phone !== null) return phone;
    for (const suspect of suspects) this.#dismissed.dismiss(suspect, search);
    this.#isCalm = suspects.length === 0;
    const isTurn = this.#isCalm && search % SEARCHES_PER_TURNED_ONE === SEARCHES_PER_TURNED_ONE - 1;
    return thorough || !isTurn ? null : this.#turned(image);
  }

  /** Both models were taught with phones that are mostly upright: one that lies is seen when the image is turned. */
  async #turned(image: Image): Promise<DetectedPhone | null> {
    const suspects = (await this.#detector.suspects(image, QUARTER_TURN)).slice(0, 1);
    return this.#surest(
      image,
      suspects.map((suspect) => ({ suspect, rotationRad: QUARTER_TURN })),
    );
  }

  async #surest(image: Image, looks: readonly CloserLook[]): Promise<DetectedPhone | null> {
    let surest: { phone: DetectedPhone; look: CloserLook } | null = null;
    for (const look of looks) {
      const phone = await this.#look(image, look, 0);
      if (phone === null || phone.score < MIN_AGREEMENT || phone.score <= (surest?.phone.score ?? 0)) continue;
      surest = { phone, look };
    }
    this.#last = surest === null ? null : this.#nextLook(surest.look, surest.phone.box);
    return surest?.phone ?? null;
  }

  /** @returns what the closer look sees at the suspect's place, with the agreement as its score. */
  async #look(image: Image, look: CloserLook, minScore: number): Promise<DetectedPhone | null> {
    const { suspect, rotationRad } = look;
    const { x, y, width, height } = suspect.box;
    // The square may reach beyond the image: a phone that fills the image is then seen smaller, which helps as well.
    const seen = await this.#detector.inSquare(image, {
      centerX: x + width / 2,
      centerY: y + height / 2,
      sidePx: Math.max(width, height) * LOOK_SIDES,
      rotationRad,
    });
    const phone = seen.find(
      ({ score, box }) => score >= minScore && overlapOfSmaller(box, suspect.box) > SAME_PLACE_OVERLAP,
    );
    if (phone === undefined) return null;
    if (minScore > 0) this.#last = this.#nextLook(look, phone.box);
    return { box: phone.box, score: agreement(suspect.score, phone.score) };
  }

  #nextLook({ suspect, rotationRad }: CloserLook, box: BoxPx): CloserLook {
    return { suspect: { box, score: suspect.score }, rotationRad };
  }
}
