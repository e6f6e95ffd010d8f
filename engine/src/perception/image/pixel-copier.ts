import type { SizePx } from '../geometry/landmark.ts';
import { bitmapOf } from './bitmap-of.ts';
import { meanDifference, patternSidePx, testPattern } from './test-pattern.ts';

const format = { format: 'RGBA' } as const;
/** Mean difference in levels up to which a copy counts as right: conversions round. */
const mostLevels = 2;

/**
 * Copies pixels of images without a canvas, into the same memory each time. A canvas draws a camera frame and reads it into new memory,
 * which takes ten times as long.
 */
export class PixelCopier {
  #pixels = new ImageData(1, 1);

  /** @returns null if this browser cannot copy pixels, or copies others than the image's. */
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
  async copy(image: ImageBitmap | VideoFrame, size: SizePx): Promise<ImageData | null> {
    try {
      if (image instanceof VideoFrame) return await this.#copyFrame(image, size);
      const frame = new VideoFrame(image, { timestamp: 0 });
      return await this.#copyFrame(frame, size).finally(() => frame.close());
    } catch {
      return null;
    }
  }

  async #copyFrame(frame: VideoFrame, { width, height }: SizePx): Promise<ImageData | null> {
    if (!isPlain(frame, { width, height })) return null;
    // A browser that ignores the format would copy fewer bytes.
    if (frame.allocationSize(format) !== width * height * 4) return null;
    if (this.#pixels.width !== width || this.#pixels.height !== height) this.#pixels = new ImageData(width, height);
    await frame.copyTo(this.#pixels.data, format);
    return this.#pixels;
  }

  async #copiesBitmaps(): Promise<boolean> {
    const pattern = testPattern();
    const size = { width: patternSidePx, height: patternSidePx };
    const bitmap = await bitmapOf(new ImageData(pattern, size.width, size.height));
    const copy = await this.copy(bitmap, size);
    bitmap.close();
    return copy !== null && meanDifference(copy.data, pattern) <= mostLevels;
  }

  /** Cameras deliver brightness and colours apart. Without colours, red, green and blue equal the brightness. */
  async #copiesCameraFrames(): Promise<boolean> {
    const pattern = testPattern();
    const size = { width: patternSidePx, height: patternSidePx };
    const grey = pattern.filter((_, i) => i % 4 === 0);
    const planes = new Uint8Array(grey.length * 1.5).fill(128);
    planes.set(grey);
    const colorSpace = { primaries: 'bt709', transfer: 'iec61966-2-1', matrix: 'bt709', fullRange: true } as const;
    const frame = new VideoFrame(planes, {
      format: 'I420',
      codedWidth: size.width,
      codedHeight: size.height,
      timestamp: 0,
      colorSpace,
    });
    const copy = await this.copy(frame, size);
    frame.close();
    const expected = pattern.map((_, i) => (i % 4 === 3 ? 255 : grey[Math.floor(i / 4)]!));
    return copy !== null && meanDifference(copy.data, expected) <= mostLevels;
  }
}

/** Neither scaled nor rotated: copies know nothing of that. */
const isPlain = (frame: VideoFrame & { rotation?: number; flip?: boolean }, { width, height }: SizePx): boolean =>
  frame.format !== null &&
  frame.visibleRect?.width === width &&
  frame.visibleRect.height === height &&
  (frame.rotation ?? 0) === 0 &&
  frame.flip !== true;
