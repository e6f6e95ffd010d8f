import type { Detectors } from './detectors.ts';
import { meshedBoxes } from './faces/face-finder.ts';
import type { FoundFace } from './faces/face-finder.ts';
import type { FrameImage } from './image/frame-image.ts';
import { CachedDetection } from './pacing/cached-detection.ts';
import type { Capability } from './pacing/cached-detection.ts';
import type { RunOutcome } from './pacing/detector-pacer.ts';
import { SplitSearch, withoutRest } from './objects/split-search.ts';
import type { Rest } from './objects/split-search.ts';
import type { DetectedHand, HandSearch } from './objects/hand-detector.ts';
import type { DetectedPhone } from './objects/phone-detector.ts';
import { PhoneFinder } from './objects/phone-finder.ts';
import type { PhoneSearch } from './objects/phone-finder.ts';

type ObjectDetector = 'phone' | 'hands';

export interface ObjectSearchListeners {
  onCapability: (detector: ObjectDetector, capability: Capability) => void;
  /** A search has ended. `atMs`: when its image was taken. */
  onSearched: (detector: ObjectDetector, atMs: number, costMs: number, outcome: RunOutcome) => void;
}

export interface SearchedImage {
  image: FrameImage;
  atMs: number;
  faces: readonly FoundFace[];
}

interface SearchTurn {
  due: ReadonlySet<string>;
  /** When the reading of this image began, by this worker's clock. */
  fromMs: number;
  thorough: boolean;
  /** Whether the image has changed since the last phone search. */
  sceneChanged: boolean;
}

/** The searches for phones and hands, one at a time, and their last results. */
export class ObjectSearches {
  readonly phone: CachedDetection<DetectedPhone | null>;
  readonly hands: CachedDetection<DetectedHand[]>;
  readonly #detectors: Detectors;
  readonly #phones: PhoneFinder<FrameImage> | null;
  readonly #listeners: ObjectSearchListeners;
  readonly #split: SplitSearch;
  #changedSinceHands = true;

  /** @param imageLimitMs time that reading one image should take at most; `Infinity` runs each search in one piece. */
  constructor(detectors: Detectors, imageLimitMs: number, listeners: ObjectSearchListeners) {
    const { onCapability } = listeners;
    this.#detectors = detectors;
    this.#listeners = listeners;
    this.#split = new SplitSearch(imageLimitMs);
    this.phone = new CachedDetection(detectors.phones, (found) => onCapability('phone', found));
    this.hands = new CachedDetection(detectors.hands, (found) => onCapability('hands', found));
    this.#phones = detectors.phones.available ? new PhoneFinder(detectors.phones.detector) : null;
  }

  /** A search of an earlier image waits to be continued. Its image must not change, and no other search begins. */
  get isPending(): boolean {
    return this.#split.isPending;
  }

  async warmUp(image: FrameImage): Promise<void> {
    const phones = this.#phones;
    const { hands } = this.#detectors;
    if (phones !== null) await this.phone.run(0, () => phones.find(image));
    if (hands.available) await this.hands.run(0, () => hands.detector.warmUp(image));
  }

  /** Continues the pending search, or begins those that are due. @param thorough as for a single image, in one piece. */
  async run(image: SearchedImage, { due, fromMs, thorough, sceneChanged }: SearchTurn): Promise<void> {
    this.#changedSinceHands ||= sceneChanged;
    if (this.isPending) return this.#split.continue(fromMs);
    const { hands } = this.#detectors;
    const begin = (
      search: (rest: Rest) => Promise<void>,
      onEnd: (atMs: number, costMs: number) => void,
    ): Promise<void> =>
      this.#split.begin(
        fromMs,
        (rest) => search(thorough ? withoutRest : rest),
        (costMs) => onEnd(image.atMs, costMs),
      );
    if (due.has('phone') && this.#phones !== null)
      await begin((rest) => this.#searchPhone(image, { rest, thorough, sceneChanged }), this.#phoneSearched);
    if (due.has('hands') && hands.available && !this.isPending)
      await begin((rest) => this.#searchHands(image, { rest, thorough }), this.#handsSearched);
  }

  /** Drops the current search. */
  abandon(): void {
    this.#split.abandon();
  }

  reset(): void {
    this.abandon();
    this.#phones?.reset();
    this.#changedSinceHands = true;
    this.phone.forget();
    this.hands.forget();
    if (this.#detectors.hands.available) this.#detectors.hands.detector.reset();
  }

  async #searchPhone({ image, atMs }: SearchedImage, search: PhoneSearch): Promise<void> {
    const phones = this.#phones;
    if (phones !== null) await this.phone.run(atMs, () => phones.find(image, search));
  }

  async #searchHands({ image, atMs, faces }: SearchedImage, search: HandSearch): Promise<void> {
    const { hands } = this.#detectors;
    const sceneChanged = this.#changedSinceHands;
    this.#changedSinceHands = false;
    if (hands.available)
      await this.hands.run(atMs, () => hands.detector.detect(image, meshedBoxes(faces), { ...search, sceneChanged }));
  }

  readonly #phoneSearched = (atMs: number, costMs: number): void => {
    const isFound = (this.phone.fresh(atMs, 0)?.value ?? null) !== null;
    const outcome = isFound ? 'found' : this.#phones?.isCalm ? 'nothing' : 'candidates';
    this.#listeners.onSearched('phone', atMs, costMs, outcome);
  };

  readonly #handsSearched = (atMs: number, costMs: number): void => {
    const count = this.hands.fresh(atMs, 0)?.value.length ?? 0;
    this.#listeners.onSearched('hands', atMs, costMs, count === 0 ? 'nothing' : 'found');
  };
}
