import { ObjectDetection } from '@tensorflow-models/coco-ssd';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';
import { toChannelsLast } from './channels-last.ts';
import { fromSquare, ImageSampler, squareAround, type SampledSquare } from './image-sampler.ts';
import type { BoxPx, SizePx } from './landmark.ts';
import { lighteningOf } from './lightening.ts';
import { inMemory } from './model-loader.ts';
import { NANODET_SIDE_PX, NanoDet } from './nanodet.ts';

export interface DetectedPhone {
  box: BoxPx;
  /** 0–1. */
  score: number;
}

/** Below this nothing is returned. What counts as a phone is for the caller to say. */
export const MIN_PHONE_SCORE = 0.2;
const MAX_PHONES = 5;

/** Finds phones through coco-ssd's ObjectDetection, on NanoDet's weights or on the official ones. */
export class PhoneDetector {
  readonly #detection: ObjectDetection;
  readonly #sampler = new ImageSampler(NANODET_SIDE_PX);

  private constructor(detection: ObjectDetection) {
    this.#detection = detection;
  }

  static async fromNanoDet(artifacts: io.ModelArtifacts): Promise<PhoneDetector> {
    const model = new NanoDet(await loadGraphModel(inMemory(toChannelsLast(artifacts))));
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

  /** In a square of the image that is upright or turned by quarters; in the whole image without one. Surest first. */
  async detect(image: CanvasImageSource & SizePx, square = squareAround(image, 0)): Promise<DetectedPhone[]> {
    const pixels = pixelTensor(this.#sampler.sample(image, square));
    const found = await this.#detection.detect(pixels, MAX_PHONES, MIN_PHONE_SCORE).finally(() => pixels.dispose());
    return found
      .filter((object) => object.class === 'cell phone')
      .map(({ bbox: [x, y, width, height], score }) => ({ score, box: inImage({ x, y, width, height }, square) }));
  }

  dispose(): void {
    this.#detection.dispose();
  }
}

/** From a box in the square's pixels to the image. A square that is turned by quarters has boxes that stay boxes. */
function inImage({ x, y, width, height }: BoxPx, square: SampledSquare): BoxPx {
  const a = fromSquare(square, x / NANODET_SIDE_PX, y / NANODET_SIDE_PX);
  const b = fromSquare(square, (x + width) / NANODET_SIDE_PX, (y + height) / NANODET_SIDE_PX);
  return {
    x: Math.min(a.x, b.x),
    y: Math.min(a.y, b.y),
    width: Math.abs(b.x - a.x),
    height: Math.abs(b.y - a.y),
  };
}

/** Lightened when it is dim: a dark phone in a dim room is little more than a shadow to the model. */
function pixelTensor(rgba: Uint8ClampedArray): tf.Tensor3D {
  const gain = lighteningOf(rgba);
  const rgb = new Int32Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = Math.min(255, rgba[from]! * gain);
    rgb[to + 1] = Math.min(255, rgba[from + 1]! * gain);
    rgb[to + 2] = Math.min(255, rgba[from + 2]! * gain);
  }
  return tf.tensor3d(rgb, [NANODET_SIDE_PX, NANODET_SIDE_PX, 3], 'int32');
}
