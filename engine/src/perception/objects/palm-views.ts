/** The whole image, or the image with a margin around it. */
export type PalmView = 'whole' | 'wide';

/** Which views of an image are searched for palms; the wide one only as long as none is found in the whole image. */
export class PalmViews {
  #calmSearches = 0;

  /**
   * @param followsHand a hand is known: the margin would show no other one. @param isCalm nothing has changed since the last
   * search, so that the views may be searched in turn.
   */
  next({ followsHand, isCalm }: { followsHand: boolean; isCalm: boolean }): PalmView[] {
    if (followsHand) return ['whole'];
    if (!isCalm) return ['whole', 'wide'];
    return [this.#calmSearches++ % 2 === 0 ? 'whole' : 'wide'];
  }

  reset(): void {
    this.#calmSearches = 0;
  }
}
