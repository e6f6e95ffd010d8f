import { ObjectDetection } from '@tensorflow-models/coco-ssd';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';
import { toChannelsLast } from './channels-last.ts';
import { fromSquare, ImageSampler, type SampledSquare } from './image-sampler.ts';
import type { BoxPx, SizePx } from './landmark.ts';
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

  /** In the whole image, or in the square of it that is given, upright or turned by quarters. Surest first. */
  async detect(image: CanvasImageSource & SizePx, square = squareAround(image)): Promise<DetectedPhone[]> {
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

function squareAround({ width, height }: SizePx): SampledSquare {
  return { centerX: width / 2, centerY: height / 2, sidePx: Math.max(width, height), rotationRad: 0 };
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

function pixelTensor(rgba: Uint8ClampedArray): tf.Tensor3D {
  const rgb = new Int32Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!;
    rgb[to + 1] = rgba[from + 1]!;
    rgb[to + 2] = rgba[from + 2]!;
  }
  return tf.tensor3d(rgb, [NANODET_SIDE_PX, NANODET_SIDE_PX, 3], 'int32');
}
