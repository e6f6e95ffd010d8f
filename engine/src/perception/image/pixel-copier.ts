import { DeadlineError, withDeadline } from '../../timing/deadline.ts';
import type { SizePx } from '../geometry/landmark.ts';
import { bitmapOf } from './bitmap-of.ts';
import { meanDifference, patternSidePx, testPattern } from './test-pattern.ts';

const format = { format: 'RGBA' } as const;
const answerTimeoutMs = 5000;
/** Mean difference in levels up to which a copy counts as right: conversions round. */
const mostLevels = 3;
const size = { width: patternSidePx, height: patternSidePx };

/**
 * Copies pixels of images without a canvas, into the same memory each time. A canvas draws a camera frame and reads it into new memory,
 * which takes ten times as long.
 */
export class PixelCopier {
  #pixels = new ImageData(1, 1);
  #answers = true;

  /** @returns null if this browser cannot copy pixels, or copies wrong ones. */
  static async create(): Promise<PixelCopier | null> {
    if (typeof VideoFrame === 'undefined') return null;
    const copier = new PixelCopier();
    const isRight = (await copier.#copiesBitmaps()) && (await copier.#copiesCameraFrames());
    return isRight ? copier : null;
  }

  /**
   * RGBA, overwritten by the next copy.
   * @returns null for an image that has to be drawn: another size, rotated, without pixels in memory.
   */
  async copy(image: ImageBitmap | VideoFrame, { width, height }: SizePx): Promise<ImageData | null> {
    if (!this.#answers) return null;
    try {
      if (image instanceof VideoFrame) return await this.#copyFrame(image, { width, height });
      const frame = new VideoFrame(image, { timestamp: 0 });
      return await this.#copyFrame(frame, { width, height }).finally(() => frame.close());
    } catch (error) {
      // A late answer would write into the memory.
      this.#pixels = new ImageData(1, 1);
      if (error instanceof DeadlineError) this.#answers = false;
      return null;
    }
  }

  async #copyFrame(frame: VideoFrame, { width, height }: SizePx): Promise<ImageData | null> {
    if (!isPlain(frame, { width, height })) return null;
    // A browser that ignores the format would copy fewer bytes.
    if (frame.allocationSize(format) !== width * height * 4) return null;
    if (this.#pixels.width !== width || this.#pixels.height !== height) this.#pixels = new ImageData(width, height);
    await withDeadline('VideoFrame.copyTo', answerTimeoutMs, frame.copyTo(this.#pixels.data, format));
    return this.#pixels;
  }

  async #copiesBitmaps(): Promise<boolean> {
    const pattern = testPattern();
    const bitmap = await bitmapOf(new ImageData(pattern, size.width, size.height));
    const copy = await this.copy(bitmap, size);
    bitmap.close();
    return copy !== null && meanDifference(copy.data, pattern) <= mostLevels;
  }

  /** Cameras deliver luma and chroma in separate planes. */
  async #copiesCameraFrames(): Promise<boolean> {
    const luma = testPattern().filter((_, i) => i % 4 === 0);
    const planes = new Uint8Array(luma.length * 1.5);
    planes.set(luma);
    planes.fill(128 + chroma.u, luma.length, luma.length * 1.25);
    planes.fill(128 + chroma.v, luma.length * 1.25);
    const frame = new VideoFrame(planes, {
      format: 'I420',
      codedWidth: size.width,
      codedHeight: size.height,
      timestamp: 0,
      colorSpace: { primaries: 'bt709', transfer: 'iec61966-2-1', matrix: 'bt709', fullRange: true },
    });
    const copy = await this.copy(frame, size);
    frame.close();
    const expected = new Uint8ClampedArray(luma.length * 4);
    luma.forEach((y, i) => expected.set([...colour(y), 255], i * 4));
    return copy !== null && meanDifference(copy.data, expected) <= mostLevels;
  }
}

/** Of the test frame: reddish, so that exchanged or ignored planes are noticed. */
const chroma = { u: -38, v: 42 };

/** Red, green and blue by ITU-R BT.709, full range. */
const colour = (y: number): [number, number, number] => [
  y + 1.5748 * chroma.v,
  y - 0.1873 * chroma.u - 0.4681 * chroma.v,
  y + 1.8556 * chroma.u,
];

/** Neither scaled nor rotated, which `copyTo` ignores. */
const isPlain = (frame: VideoFrame & { rotation?: number; flip?: boolean }, { width, height }: SizePx): boolean =>
  frame.format !== null &&
  frame.visibleRect?.width === width &&
  frame.visibleRect.height === height &&
  (frame.rotation ?? 0) === 0 &&
  frame.flip !== true;
