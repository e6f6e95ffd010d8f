import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';
import type { FrameImage } from '../image/frame-image.ts';
import { fromSquare, squareAround } from '../image/image-sampler.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import type { BoxPx } from '../geometry/landmark.ts';
import { loadFusedModel } from '../models/fused-model.ts';
import { isFace, isSameHand } from './distinct-hands.ts';
import { PalmDetector } from './palm-detector.ts';
import { PalmViews } from './palm-views.ts';
import type { Palm } from './palm-detector.ts';
import { InputSampler } from '../image/input-sampler.ts';
import { valuesOf } from '../models/tensor-values.ts';
import { withoutRest } from './split-search.ts';
import type { Rest } from './split-search.ts';

export interface DetectedHand {
  box: BoxPx;
  /** The landmark model's confidence that this is a hand, 0–1. */
  presence: number;
  /** 1 for the person's right hand as the model sees it, 0 for the left. */
  rightness: number;
}

const sidePx = 224;
/** A low limit, because the landmark model decides. */
const minPalmScore = 0.15;
const minFirstPresence = 0.2;
/**
 * Presence limit for a hand, by the palm detector's confidence. Of the palms between these two limits in 206 web images
 * of people and objects (groups of `models/train`), checked by eye, 21 of 22 were hands: backs of hands, and hands that
 * hold something. Of the doubtful palms, faces and sleeves reach .8.
 */
const lowestPresence = { sure: 0.65, doubtful: 0.85 };
const surePalmScore = 0.3;
/** A known hand is kept while the presence in its expected region is at least this. */
const keepPresence = 0.6;
/** While hands are tracked, palms are searched for only in every nth run: a search costs as much as two hands. */
const runsPerSearch = 3;
/** Palms of one view that the landmark model examines. */
const maxPalms = 4;
/**
 * The image is also searched with a margin, while no hand is known: hands that hold something, are large, or are cut by
 * the image's edge get higher palm scores if they are smaller and off the edge.
 */
const wideShare = 1.5;
/** From a palm's box to the whole hand (MediaPipe's hand landmark graph). */
const handSidePerPalm = 2.6;
const handShiftPerPalm = 0.5;
const handSidePerLandmarks = 2;
const handShiftPerLandmarks = 0.1;
const landmarkCount = 21;
/** Wrist, thumb's base and the lower joints of the fingers. */
const steadyPoints = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18];

interface Point {
  x: number;
  y: number;
}

interface HandLook {
  /** Camera pixels. */
  points: Point[];
  presence: number;
  rightness: number;
}

interface FollowedHand {
  hand: DetectedHand;
  next: SampledSquare;
}

/** @param faces boxes of faces with a mesh. */
const addDistinct = (
  hands: FollowedHand[],
  { points, presence, rightness }: HandLook,
  faces: readonly BoxPx[],
): void => {
  const box = boxAround(points);
  const known = hands.map(({ hand }) => hand.box);
  if (!isSameHand(box, known) && !isFace(box, faces))
    hands.push({ hand: { box, presence, rightness }, next: squareAroundHand(points) });
};

export interface HandSearch {
  /** As for a single image: all palms, nothing remembered. */
  thorough?: boolean;
  /** Whether the image has changed since the last search. */
  sceneChanged?: boolean;
  /** Called before each run of a model. */
  rest?: Rest;
}

/** Palm detector, and for each palm the hand landmark model, which decides whether it is a hand at all. */
export class HandDetector {
  readonly #palms: PalmDetector;
  readonly #landmarks: GraphModel;
  readonly #sampler = new InputSampler(sidePx, { scale: 1 / 255, offset: 0 });
  /** Expected regions of the hands of the last run. */
  #followed: SampledSquare[] = [];
  #runs = 0;
  readonly #views = new PalmViews();
  /** Of the current search. */
  #rest: Rest = withoutRest;

  private constructor(palms: PalmDetector, landmarks: GraphModel) {
    this.#palms = palms;
    this.#landmarks = landmarks;
  }

  static async load(palms: io.ModelArtifacts, landmarks: io.ModelArtifacts): Promise<HandDetector> {
    return new HandDetector(await PalmDetector.load(palms), await loadFusedModel(landmarks));
  }

  /** Hands of the last image come first. @param faces boxes of the image's faces with a mesh. */
  async detect(
    image: FrameImage,
    faces: readonly BoxPx[],
    { thorough = false, sceneChanged = false, rest = withoutRest }: HandSearch = {},
  ): Promise<DetectedHand[]> {
    this.#rest = rest;
    const hands = thorough ? [] : await this.#stillThere(image, faces);
    const isSearch = thorough || hands.length === 0 || this.#runs % runsPerSearch === 0;
    this.#runs += 1;
    const whole = squareAround(image, 0);
    const squares = { whole, wide: { ...whole, sidePx: whole.sidePx * wideShare } };
    const isLost = hands.length < this.#followed.length;
    const isCalm = !thorough && !sceneChanged && !isLost;
    const views = isSearch ? this.#views.next({ followsHand: hands.length > 0, isCalm }) : [];
    for (const view of views) {
      if (view === 'whole' || hands.length === 0) await this.#addNew(image, squares[view], hands, faces);
    }
    this.#followed = hands.map(({ next }) => next);
    return hands.map(({ hand }) => hand);
  }

  reset(): void {
    this.#followed = [];
    this.#runs = 0;
    this.#views.reset();
  }

  async #stillThere(image: FrameImage, faces: readonly BoxPx[]): Promise<FollowedHand[]> {
    const hands: FollowedHand[] = [];
    for (const square of this.#followed) {
      const look = await this.#look(image, square);
      if (look.presence >= keepPresence) addDistinct(hands, look, faces);
    }
    return hands;
  }

  async #addNew(image: FrameImage, view: SampledSquare, hands: FollowedHand[], faces: readonly BoxPx[]): Promise<void> {
    await this.#rest();
    const palms = await this.#palms.detect(image, minPalmScore, view);
    const isKnown = (palm: Palm): boolean =>
      isSameHand(
        palm.box,
        hands.map(({ hand }) => hand.box),
      );
    for (const palm of palms.filter((found) => !isKnown(found)).slice(0, maxPalms)) {
      const look = await this.#judge(image, palm);
      if (look !== null) addDistinct(hands, look, faces);
    }
  }

  /** Runs both models on any image, to warm them up. @returns an empty list. */
  async warmUp(image: FrameImage): Promise<DetectedHand[]> {
    await this.#palms.detect(image, 1, squareAround(image, 0));
    const middle = { x: image.width / 2, y: image.height / 2 };
    const box = { ...middle, width: 100, height: 100 };
    await this.#look(image, squareAroundPalm({ box, wrist: middle, middleKnuckle: { x: middle.x, y: 0 }, score: 0 }));
    return [];
  }

  /**
   * A palm counts as a hand if the landmark model accepts it twice: in the region around the palm, and in the region
   * around its own landmarks. Faces and toys sometimes pass the first test.
   */
  async #judge(image: FrameImage, palm: Palm): Promise<HandLook | null> {
    const first = await this.#look(image, squareAroundPalm(palm));
    if (first.presence < minFirstPresence) return null;
    const second = await this.#look(image, squareAroundHand(first.points));
    const minPresence = palm.score >= surePalmScore ? lowestPresence.sure : lowestPresence.doubtful;
    return second.presence < minPresence ? null : second;
  }

  async #look(image: FrameImage, square: SampledSquare): Promise<HandLook> {
    await this.#rest();
    const input = tf.tensor4d(this.#sampler.sample(image, square), [1, sidePx, sidePx, 3]);
    const [coordinates, presence, rightness] = await valuesOf(input, () =>
      this.#landmarks.execute(input, ['Identity:0', 'Identity_1:0', 'Identity_2:0']),
    );
    const points = Array.from({ length: landmarkCount }, (_, i) =>
      fromSquare(square, (coordinates?.[i * 3] ?? 0) / sidePx, (coordinates?.[i * 3 + 1] ?? 0) / sidePx),
    );
    return { points, presence: presence?.[0] ?? 0, rightness: rightness?.[0] ?? 0.5 };
  }

  dispose(): void {
    this.#palms.dispose();
    this.#landmarks.dispose();
  }
}

/** Rotated so that the line from wrist to middle knuckle points up. */
const squareAroundPalm = ({ box, wrist, middleKnuckle }: Palm): SampledSquare => {
  const rotationRad = Math.atan2(middleKnuckle.x - wrist.x, wrist.y - middleKnuckle.y);
  const side = Math.max(box.width, box.height);
  const shift = handShiftPerPalm * side;
  return {
    centerX: box.x + box.width / 2 + Math.sin(rotationRad) * shift,
    centerY: box.y + box.height / 2 - Math.cos(rotationRad) * shift,
    sidePx: side * handSidePerPalm,
    rotationRad,
  };
};

/**
 * The region from landmarks: it points from the wrist to the middle of the knuckles, and surrounds the points that do
 * not move with the fingers.
 */
const squareAroundHand = (points: readonly Point[]): SampledSquare => {
  const [wrist, index, middle, ring] = [0, 5, 9, 13].map((i) => points[i] ?? { x: 0, y: 0 }) as [
    Point,
    Point,
    Point,
    Point,
  ];
  const knuckles = {
    x: ((index.x + ring.x) / 2 + middle.x) / 2,
    y: ((index.y + ring.y) / 2 + middle.y) / 2,
  };
  const rotationRad = Math.atan2(knuckles.x - wrist.x, wrist.y - knuckles.y);
  const [cos, sin] = [Math.cos(rotationRad), Math.sin(rotationRad)];
  const upright = steadyPoints
    .map((i) => points[i] ?? wrist)
    .map(({ x, y }) => ({
      x: x * cos + y * sin,
      y: -x * sin + y * cos,
    }));
  const box = boxAround(upright);
  const side = Math.max(box.width, box.height);
  const center = { x: box.x + box.width / 2, y: box.y + box.height / 2 - handShiftPerLandmarks * side };
  return {
    centerX: center.x * cos - center.y * sin,
    centerY: center.x * sin + center.y * cos,
    sidePx: side * handSidePerLandmarks,
    rotationRad,
  };
};

const boxAround = (points: readonly Point[]): BoxPx => {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { x: left, y: top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
};
