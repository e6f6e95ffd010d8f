import { ObjectDetection } from '@tensorflow-models/coco-ssd';
import * as tf from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';
import { fromSquare, ImageSampler, squareAround, windowOnImage, type SampledSquare } from '../image/image-sampler.ts';
import type { BoxPx, SizePx } from '../faces/landmark.ts';
import { lighteningOf } from '../models/lightening.ts';
import { NANODET_SIDE_PX, NANODET_STEP_PX, NanoDet } from './nanodet.ts';

export interface DetectedPhone {
  box: BoxPx;
  /** 0–1. */
  score: number;
}

/** Below this nothing is returned. What counts as a phone is for the caller to say. */
export const MIN_PHONE_SCORE = 0.2;
const MAX_PHONES = 5;

/** A suspect fills a good part of the closer look: it needs fewer pixels than the whole image. */
const CLOSER_SIDE_PX = 256;

/** Finds phones through coco-ssd's ObjectDetection, on NanoDet's weights or on the official ones. */
export class PhoneDetector {
  readonly #detection: ObjectDetection;
  readonly #wholeSampler = new ImageSampler(NANODET_SIDE_PX);
  readonly #closerSampler = new ImageSampler(CLOSER_SIDE_PX);

  private constructor(detection: ObjectDetection) {
    this.#detection = detection;
  }

  static async fromNanoDet(artifacts: io.ModelArtifacts): Promise<PhoneDetector> {
    const model = await NanoDet.load(artifacts);
    const detection = new ObjectDetection('lite_mobilenet_v2', 'nanodet');
    // The package only knows how to fetch its own weights; it runs whatever stands in their place.
    Object.assign(detection, { model });
    return new PhoneDetector(detection);
  }

  /** @param modelUrl of the official coco-ssd weights, hosted by the operator. */
  static async fromCocoSsd(modelUrl: string): Promise<PhoneDetector> {
    const detection = new ObjectDetection('lite_mobilenet_v2', modelUrl);
    await detection.load();
    return new PhoneDetector(detection);
  }

  /** In the whole image, upright or turned by a quarter. Surest first. */
  async inWhole(image: CanvasImageSource & SizePx, rotationRad: number): Promise<DetectedPhone[]> {
    return this.#detect(image, squareAround(image, rotationRad), this.#wholeSampler);
  }

  /** In a square of the image, upright or turned by a quarter, that a suspect fills in good part. Surest first. */
  async inSquare(image: CanvasImageSource & SizePx, square: SampledSquare): Promise<DetectedPhone[]> {
    return this.#detect(image, square, this.#closerSampler);
  }

  dispose(): void {
    this.#detection.dispose();
  }

  async #detect(
    image: CanvasImageSource & SizePx,
    square: SampledSquare,
    sampler: ImageSampler,
  ): Promise<DetectedPhone[]> {
    // The model would read black borders at the same price.
    const window = windowOnImage(image, square, sampler.sidePx, NANODET_STEP_PX);
    const pixels = pixelTensor(sampler.sample(image, square, window), window);
    const found = await this.#detection.detect(pixels, MAX_PHONES, MIN_PHONE_SCORE).finally(() => pixels.dispose());
    return found
      .filter((object) => object.class === 'cell phone')
      .map(({ bbox: [x, y, width, height], score }) => {
        const box = { x: x + window.left, y: y + window.top, width, height };
        return { score, box: inImage(box, square, sampler.sidePx) };
      });
  }
}

/** From a box in the sample's pixels to the image. A square that is turned by quarters has boxes that stay boxes. */
function inImage({ x, y, width, height }: BoxPx, square: SampledSquare, sidePx: number): BoxPx {
  const a = fromSquare(square, x / sidePx, y / sidePx);
  const b = fromSquare(square, (x + width) / sidePx, (y + height) / sidePx);
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(b.x - a.x),
    height: Math.abs(b.y - a.y),
  };
}

/** Lightened when it is dim: a dark phone in a dim room is little more than a shadow to the model. */
function pixelTensor(rgba: Uint8ClampedArray, { width, height }: SizePx): tf.Tensor3D {
  const gain = lighteningOf(rgba);
  const rgb = new Int32Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = Math.min(255, rgba[from]! * gain);
    rgb[to + 1] = Math.min(255, rgba[from + 1]! * gain);
    rgb[to + 2] = Math.min(255, rgba[from + 2]! * gain);
  }
  return tf.tensor3d(rgb, [height, width, 3], 'int32');
}
