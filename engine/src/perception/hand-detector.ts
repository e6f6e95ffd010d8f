import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';
import { fromSquare, ImageSampler, type SampledSquare } from './image-sampler.ts';
import { overlapOfSmaller, type BoxPx, type SizePx } from './landmark.ts';
import { inMemory } from './model-loader.ts';
import { PalmDetector, type Palm } from './palm-detector.ts';
import { normalisedPixels } from './pixel-tensor.ts';

export interface DetectedHand {
  box: BoxPx;
  /** The landmark model's certainty that this is a hand, 0–1. */
  presence: number;
  /** 1 for the person's right hand as the model sees it, 0 for the left. */
  rightness: number;
}

const SIDE_PX = 224;
/** Palms are cheap to doubt: the landmark model decides. */
const MIN_PALM_SCORE = 0.3;
const MIN_PRESENCE = 0.6;
const MAX_PALMS = 4;
const SAME_HAND_OVERLAP = 0.6;
/** From a palm's box to the whole hand (MediaPipe's hand landmark graph). */
const HAND_SIDE_PER_PALM = 2.6;
const HAND_SHIFT_PER_PALM = 0.5;

/** Palm detector, and for each palm the hand landmark model as the judge of whether there is a hand at all. */
export class HandDetector {
  readonly #palms: PalmDetector;
  readonly #landmarks: GraphModel;
  readonly #sampler = new ImageSampler(SIDE_PX);

  private constructor(palms: PalmDetector, landmarks: GraphModel) {
    this.#palms = palms;
    this.#landmarks = landmarks;
  }

  static async load(palms: io.ModelArtifacts, landmarks: io.ModelArtifacts): Promise<HandDetector> {
    return new HandDetector(await PalmDetector.load(palms), await loadGraphModel(inMemory(landmarks)));
  }

  async detect(image: CanvasImageSource & SizePx): Promise<DetectedHand[]> {
    const palms = await this.#palms.detect(image, MIN_PALM_SCORE);
    const hands: DetectedHand[] = [];
    for (const palm of palms.slice(0, MAX_PALMS)) {
      const hand = await this.#judge(image, palm);
      if (hand === null || hands.some((other) => overlapOfSmaller(other.box, hand.box) > SAME_HAND_OVERLAP)) continue;
      hands.push(hand);
    }
    return hands;
  }

  async warmUp(image: CanvasImageSource & SizePx): Promise<void> {
    await this.#palms.detect(image, 1);
    const middle = { x: image.width / 2, y: image.height / 2 };
    const box = { ...middle, width: 100, height: 100 };
    await this.#judge(image, { box, wrist: middle, middleKnuckle: { x: middle.x, y: middle.y - 50 }, score: 0 });
  }

  async #judge(image: CanvasImageSource, palm: Palm): Promise<DetectedHand | null> {
    const square = handSquare(palm);
    const input = normalisedPixels(this.#sampler.sample(image, square), SIDE_PX, { scale: 1 / 255, offset: 0 });
    const outputs = this.#landmarks.execute(input, ['Identity:0', 'Identity_1:0', 'Identity_2:0']) as tf.Tensor[];
    const [points, presence, rightness] = await Promise.all(outputs.map((output) => output.data()));
    tf.dispose([input, ...outputs]);
    if (points === undefined || (presence?.[0] ?? 0) < MIN_PRESENCE) return null;
    return {
      box: handBox(points as Float32Array, square),
      presence: presence?.[0] ?? 0,
      rightness: rightness?.[0] ?? 0.5,
    };
  }

  dispose(): void {
    this.#palms.dispose();
    this.#landmarks.dispose();
  }
}

/** Turned so that the line from wrist to middle knuckle points up. */
function handSquare({ box, wrist, middleKnuckle }: Palm): SampledSquare {
  const rotationRad = Math.atan2(middleKnuckle.x - wrist.x, wrist.y - middleKnuckle.y);
  const side = Math.max(box.width, box.height);
  const shift = HAND_SHIFT_PER_PALM * side;
  return {
    centerX: box.x + box.width / 2 + Math.sin(rotationRad) * shift,
    centerY: box.y + box.height / 2 - Math.cos(rotationRad) * shift,
    sidePx: side * HAND_SIDE_PER_PALM,
    rotationRad,
  };
}

function handBox(points: Float32Array, square: SampledSquare): BoxPx {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const p = fromSquare(square, points[i]! / SIDE_PX, points[i + 1]! / SIDE_PX);
    left = Math.min(left, p.x);
    right = Math.max(right, p.x);
    top = Math.min(top, p.y);
    bottom = Math.max(bottom, p.y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
