import type { io } from '@tensorflow/tfjs-core';
import type { FrameImage } from '../image/frame-image.ts';
import { fromSquare, ImageSampler, windowOnImage } from '../image/image-sampler.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { fromWhole, WholeImageSampler } from '../image/whole-image-sampler.ts';
import type { BoxPx } from '../geometry/landmark.ts';
import type { Int16Convolutions } from '../models/int16/int16-convolutions.ts';
import { lighteningOf } from '../models/lightening.ts';
import { cocoSsdSidePx, CocoSsd } from './coco-ssd.ts';
import { nanodetStepPx, NanoDet } from './nanodet.ts';
import { distinctBoxes } from './scored-box.ts';

export interface DetectedPhone {
  box: BoxPx;
  /** 0–1. */
  score: number;
}

/** From this score on, one of coco-ssd's first two boxes is the phone in 84 % of images that show one. */
const minSuspectScore = 0.03;
const maxSuspects = 3;
/** Lower scores of the close-up model are ignored. */
const minLookScore = 0.02;
const maxLooks = 5;
/** Side of the close-up model's input, which a suspect nearly fills. */
const lookSidePx = 256;

interface Point {
  x: number;
  y: number;
}

/**
 * Two independently trained models: coco-ssd searches the whole image for suspects, NanoDet examines each from close
 * up.
 */
export class PhoneDetector {
  readonly #search: CocoSsd;
  readonly #look: NanoDet;
  readonly #wholeSampler = new WholeImageSampler(cocoSsdSidePx);
  readonly #lookSampler = new ImageSampler(lookSidePx);

  private constructor(search: CocoSsd, look: NanoDet) {
    this.#search = search;
    this.#look = look;
  }

  /** @param int16 null computes everything in float32: the same decisions in several times the time. */
  static async load(
    cocoSsd: io.ModelArtifacts,
    nanodet: io.ModelArtifacts,
    int16: Int16Convolutions | null,
  ): Promise<PhoneDetector> {
    return new PhoneDetector(await CocoSsd.load(cocoSsd, int16), await NanoDet.load(nanodet, int16));
  }

  /** Suspects in the whole image, upright or rotated by a quarter turn. Highest score first. */
  async suspects(image: FrameImage, rotationRad: number): Promise<DetectedPhone[]> {
    const rgba = lightened(this.#wholeSampler.sample(image, rotationRad));
    const found = distinctBoxes(await this.#search.detect(rgba, minSuspectScore), maxSuspects);
    return found.map(({ score, left, top, right, bottom }) => ({
      score,
      box: between(fromWhole(image, rotationRad, left, top), fromWhole(image, rotationRad, right, bottom)),
    }));
  }

  /**
   * Phones in a square of the image that a suspect nearly fills, upright or rotated by a quarter turn. Highest score
   * first.
   */
  async inSquare(image: FrameImage, square: SampledSquare): Promise<DetectedPhone[]> {
    const { sidePx } = this.#lookSampler;
    // Black borders would cost the model as much as the image.
    const window = windowOnImage(image, square, sidePx, nanodetStepPx);
    const rgba = lightened(this.#lookSampler.sample(image, square, window));
    const found = distinctBoxes(await this.#look.detect(rgba, window, minLookScore), maxLooks);
    const inImage = (x: number, y: number): Point =>
      fromSquare(square, (window.left + x * window.width) / sidePx, (window.top + y * window.height) / sidePx);
    return found.map(({ score, left, top, right, bottom }) => ({
      score,
      box: between(inImage(left, top), inImage(right, bottom)),
    }));
  }

  dispose(): void {
    this.#search.dispose();
    this.#look.dispose();
  }
}

/** The box with these two corners, which after quarter turns can be any two opposite ones. */
const between = (a: Point, b: Point): BoxPx => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(b.x - a.x),
  height: Math.abs(b.y - a.y),
});

/** Lightens a dim image in place: to the models, a dark phone in a dim room is little more than a shadow. */
const lightened = (rgba: Uint8ClampedArray): Uint8ClampedArray => {
  const gain = lighteningOf(rgba);
  if (gain !== 1) for (let i = 0; i < rgba.length; i++) rgba[i] = rgba[i]! * gain;
  return rgba;
};
