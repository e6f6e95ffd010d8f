import { intersectionOverUnion, type BoxPx } from '../geometry/landmark.ts';

/** After so many looks from close by, upright and turned in turn, a thing is known to be none. */
const LOOKS = 3;
const SAME_PLACE_IOU = 0.5;
/** What looks more like a phone than before is looked at again. */
const SURER = 0.1;
/** And everything once in a while: what stands there may have been exchanged. */
const SEARCHES = 10;

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
      known !== undefined && known.looks >= LOOKS && score < known.score + SURER && search - known.search < SEARCHES
    );
  }

  dismiss({ box, score }: { box: BoxPx; score: number }, search: number): void {
    const known = this.#at(box);
    const looks = known === undefined || search - known.search >= SEARCHES ? 1 : known.looks + 1;
    const others = this.#dismissed.filter((other) => other !== known && search - other.search < SEARCHES);
    this.#dismissed = [...others, { box, score: Math.max(score, known?.score ?? 0), looks, search }];
  }

  reset(): void {
    this.#dismissed = [];
  }

  #at(box: BoxPx): Dismissed | undefined {
    return this.#dismissed.find((other) => intersectionOverUnion(other.box, box) > SAME_PLACE_IOU);
  }
}
