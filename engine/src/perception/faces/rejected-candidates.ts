import { intersectionOverUnion } from '../geometry/landmark.ts';
import type { BoxPx } from '../geometry/landmark.ts';

/** After so many looks from close by, upright and turned in turn, a thing is known to be none. */
const neededLooks = 3;
const samePlaceIou = 0.5;
/** What looks more like a phone than before is looked at again. */
const surer = 0.1;
/** And everything once in a while: what stands there may have been exchanged. */
const searches = 10;

interface Dismissed {
  box: BoxPx;
  score: number;
  looks: number;
  search: number;
}

/** Remembers what stands in the picture, looks like a phone from afar, and was seen to be none. */
export class RejectedCandidates {
  #dismissed: Dismissed[] = [];

  /** @param search counts the searches of the whole picture. */
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
    const looks = known === undefined || search - known.search >= searches ? 1 : known.looks + 1;
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
