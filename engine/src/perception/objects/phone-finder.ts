import { RejectedCandidates } from '../faces/rejected-candidates.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { overlapOfSmaller, type BoxPx, type SizePx } from '../faces/landmark.ts';
import type { DetectedPhone } from './phone-detector.ts';

/** The part of the phone detector that is needed. */
export interface PhoneSource<Image> {
  inWhole(image: Image, rotationRad: number): Promise<DetectedPhone[]>;
  inSquare(image: Image, square: SampledSquare): Promise<DetectedPhone[]>;
}

/** What may be a phone at first sight is looked at closer. */
const SUSPECT_SCORE = 0.2;
const MOST_SUSPECTS = 2;
/** The same in the whole picture turned by a quarter, in which more things look like one. */
const TURNED_SUSPECT_SCORE = 0.3;
const TURNED_SUSPECT_SUM = 0.9;
/** In a stream, the whole picture is turned so seldom: phones that lie are not held up for long. */
const SEARCHES_PER_TURNED_ONE = 4;
/** Side of the square of the closer look, in sides of the suspect's box. */
const CLOSER_SIDE_PER_BOX = 1.7;
/** What the closer look sees has to be the suspect itself. */
const SAME_PLACE_OVERLAP = 0.2;
/** A phone that was there keeps counting down to this. */
const KEEP_SCORE = 0.33;

/** How a suspect is held while it is looked at. */
interface Posture {
  rotationRad: number;
  /**
   * What flutes, keypads and sleeves reach in the closer look stays below .34 upright and, but for one collar that reached .47,
   * below .42 turned, whatever they were taken for from afar.
   */
  minScore: number;
  /** The sum of both looks keeps out what is doubtful in both. */
  minScoreSum: number;
}

const UPRIGHT: Posture = { rotationRad: 0, minScore: 0.38, minScoreSum: 0.7 };
/** The model was taught with photographs of phones that are mostly upright: one that lies is seen when the picture is turned. */
const TURNED: Posture = { rotationRad: Math.PI / 2, minScore: 0.45, minScoreSum: 0.75 };

interface CloserLook {
  suspect: DetectedPhone;
  posture: Posture;
}

/** @param second what follows the upright looks: those at the next suspects, or the first one turned, or all of it. */
function looksAt(suspects: readonly DetectedPhone[], second: 'next' | 'turned' | 'both'): CloserLook[] {
  const inPosture = (posture: Posture, of: readonly DetectedPhone[]): CloserLook[] =>
    of.map((suspect) => ({ suspect, posture }));
  if (second === 'both') return [...inPosture(UPRIGHT, suspects), ...inPosture(TURNED, suspects)];
  if (second === 'next') return inPosture(UPRIGHT, suspects);
  const first = suspects.slice(0, 1);
  return [...inPosture(UPRIGHT, first), ...inPosture(TURNED, first)];
}

/** Decides whether there is a phone: what looks like one has to look like one from close by, too. */
export class PhoneFinder<Image extends SizePx> {
  readonly #detector: PhoneSource<Image>;
  readonly #dismissed = new RejectedCandidates();
  #last: { box: BoxPx; posture: Posture } | null = null;
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
   * @param thorough every suspect in both postures, and the whole picture in both, as for a single picture. Otherwise a
   * search costs at most two closer looks, of which the second is in turn at the next suspect and at the first one turned;
   * and once in a while, where there is no suspect, it is done again in the turned picture.
   * @returns the surest phone, or null.
   */
  async find(image: Image, thorough = false): Promise<DetectedPhone | null> {
    const last = this.#last;
    this.#last = null;
    this.#isCalm = false;
    // While a phone is held in the picture, one look at its place is enough.
    const there = last === null ? [] : await this.#closer(image, last.box, last.posture);
    const still = there.find(({ score }) => score >= KEEP_SCORE) ?? null;
    if (last === null || still === null) return this.#anywhere(image, thorough);
    this.#last = { box: still.box, posture: last.posture };
    return still;
  }

  reset(): void {
    this.#last = null;
    this.#searches = 0;
    this.#isCalm = false;
    this.#dismissed.reset();
  }

  async #anywhere(image: Image, thorough: boolean): Promise<DetectedPhone | null> {
    const search = this.#searches++;
    const seen = await this.#detector.inWhole(image, UPRIGHT.rotationRad);
    const upright = seen.filter(
      (suspect) => suspect.score >= SUSPECT_SCORE && (thorough || !this.#dismissed.isKnown(suspect, search)),
    );
    const second = thorough ? 'both' : search % 2 === 0 ? 'next' : 'turned';
    const looks = looksAt(upright.slice(0, MOST_SUSPECTS), second);
    const phone = await this.#firstPhone(image, looks);
    if (phone !== null) return phone;
    for (const suspect of new Set(looks.map((look) => look.suspect))) this.#dismissed.dismiss(suspect, search);
    this.#isCalm = upright.length === 0;
    // A suspect has cost its looks already, one of them turned: a stream has to stay even.
    const isTurn = this.#isCalm && search % SEARCHES_PER_TURNED_ONE === SEARCHES_PER_TURNED_ONE - 1;
    if (!thorough && !isTurn) return null;
    const turned = await this.#detector.inWhole(image, TURNED.rotationRad);
    const suspects = turned.filter(({ score }) => score >= TURNED_SUSPECT_SCORE);
    this.#isCalm &&= suspects.length === 0;
    return this.#firstPhone(image, looksAt(suspects.slice(0, 1), 'turned'), TURNED_SUSPECT_SUM);
  }

  async #firstPhone(image: Image, looks: readonly CloserLook[], leastSum = 0): Promise<DetectedPhone | null> {
    for (const { suspect, posture } of looks) {
      const sum = Math.max(posture.minScoreSum, leastSum);
      const minScore = Math.max(posture.minScore, sum - suspect.score);
      const seen = await this.#closer(image, suspect.box, posture);
      const phone = seen.find(
        ({ score, box }) => score >= minScore && overlapOfSmaller(box, suspect.box) > SAME_PLACE_OVERLAP,
      );
      if (phone === undefined) continue;
      this.#last = { box: phone.box, posture };
      return { box: phone.box, score: Math.max(phone.score, suspect.score) };
    }
    return null;
  }

  /** The square may reach beyond the image: a phone that fills the image is then seen smaller, which helps as well. */
  async #closer(image: Image, box: BoxPx, { rotationRad }: Posture): Promise<DetectedPhone[]> {
    return this.#detector.inSquare(image, {
      centerX: box.x + box.width / 2,
      centerY: box.y + box.height / 2,
      sidePx: Math.max(box.width, box.height) * CLOSER_SIDE_PER_BOX,
      rotationRad,
    });
  }
}
