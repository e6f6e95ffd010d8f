import { intersectionOverUnion } from '../geometry/landmark.ts';
import type { BoxPx } from '../geometry/landmark.ts';

/** Rejections by the close-up model after which an object is skipped. */
const neededLooks = 3;
const samePlaceIou = 0.5;
/** An object whose score rises by this much is checked again. */
const surer = 0.1;
/** Skipped objects are checked once more after this many searches, because they may have been replaced. */
const searches = 10;

interface Dismissed {
  box: BoxPx;
  score: number;
  looks: number;
  search: number;
}

/** Remembers objects in the image that look like a phone from afar, but were rejected by the close-up model. */
export class RejectedCandidates {
  #dismissed: Dismissed[] = [];

  /** @param search counts the searches of the whole image. */
  isKnown({ box, score }: { box: BoxPx; score: number }, search: number): boolean {
    const known = this.#at(box);
    return (
      known !== undefined &&
      known.looks >= neededLooks &&
      score < known.score + surer &&
      search - known.search < searches
    );
  }

  dismiss({ box, score }: { box: BoxPx; score: number }, search: number): void {
    const known = this.#at(box);
    const isOld = known !== undefined && search - known.search >= searches;
    const looks = known === undefined || (isOld && known.looks < neededLooks) ? 1 : known.looks + 1;
    const others = this.#dismissed.filter((other) => other !== known && search - other.search < searches);
    this.#dismissed = [...others, { box, score: Math.max(score, known?.score ?? 0), looks, search }];
  }

  reset(): void {
    this.#dismissed = [];
  }

  #at(box: BoxPx): Dismissed | undefined {
    return this.#dismissed.find((other) => intersectionOverUnion(other.box, box) > samePlaceIou);
  }
}
