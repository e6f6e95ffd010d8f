import type { SizePx } from '../geometry/landmark.ts';
import type { FrameImage } from './frame-image.ts';
import { ImagePyramid } from './image-pyramid.ts';
import { PixelCopier } from './pixel-copier.ts';
import { canvasSettings } from './sampling-context.ts';

/** One image as the detectors need it, until the next one is read. */
export interface FramePixels extends SizePx {
  /** Luma of every pixel, 0–255 (ITU-R BT.601), in rows. */
  luma: Uint8ClampedArray;
  /** They were read through a canvas, which some browsers add noise to. */
  isDrawn: boolean;
  /** The image itself, of which the detectors take scaled or turned parts. */
  image: FrameImage;
}

const longestSidePx = 1280;

interface Surface {
  /** A browser that fails here samples from the canvas, like one without the kernel. */
  pyramid: Promise<ImagePyramid | null>;
  canvas: OffscreenCanvas;
  context: OffscreenCanvasRenderingContext2D | null;
}

const newSurface = (): Surface => ({
  pyramid: ImagePyramid.create().catch(() => null),
  canvas: new OffscreenCanvas(1, 1),
  context: null,
});

/** The surface's pyramid of the image; null if the browser has none, or no memory for it. */
const filled = async (surface: Surface, rgba: Uint8ClampedArray, size: SizePx): Promise<ImagePyramid | null> => {
  const pyramid = await surface.pyramid;
  try {
    pyramid?.fill(rgba, size);
    return pyramid;
  } catch (error) {
    console.warn('pyramid_memory_unavailable', error);
    surface.pyramid = Promise.resolve(null);
    return null;
  }
};

/** Reads pixels of images, reusing its canvases and buffers. */
export class FramePixelReader {
  readonly #copier: Promise<PixelCopier | null>;
  #surface = newSurface();
  /** Holds an image that is still needed, or none. */
  #other = newSurface();
  #luma = new Uint8ClampedArray(0);

  constructor() {
    // A browser that fails here reads through the canvas.
    this.#copier = PixelCopier.create().catch(() => null);
  }

  /**
   * The pixels are overwritten by the next read.
   * @param mayCopy false reads them through the canvas, as if the image could not be copied.
   */
  async read(image: ImageBitmap | VideoFrame, mayCopy = true): Promise<FramePixels> {
    const { width, height } = fitted(sizeOf(image));
    const copier = mayCopy ? await this.#copier : null;
    const copy = copier === null ? null : await copier.copy(image, { width, height });
    const rgba = (copy ?? this.#drawn(image, { width, height })).data;
    const pyramid = width > 1 && height > 1 ? await filled(this.#surface, rgba, { width, height }) : null;
    if (pyramid === null && copy !== null) this.#sized(width, height).putImageData(copy, 0, 0);
    if (this.#luma.length !== width * height) this.#luma = new Uint8ClampedArray(width * height);
    const luma = this.#luma;
    for (let i = 0, at = 0; i < luma.length; i++, at += 4) {
      luma[i] = (77 * rgba[at]! + 150 * rgba[at + 1]! + 29 * rgba[at + 2]!) >> 8;
    }
    const source = pyramid ?? this.#surface.canvas;
    return { width, height, luma, isDrawn: copy === null, image: { width, height, source } };
  }

  /** The last image, of which parts can be sampled, stays as it is until `keepImage` is called again; its luma does not. */
  keepImage(): void {
    [this.#surface, this.#other] = [this.#other, this.#surface];
  }

  #drawn(image: CanvasImageSource, { width, height }: SizePx): ImageData {
    const context = this.#sized(width, height);
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  #sized(width: number, height: number): OffscreenCanvasRenderingContext2D {
    const surface = this.#surface;
    const { canvas } = surface;
    if (surface.context === null || canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      surface.context = canvas.getContext('2d', canvasSettings);
    }
    if (surface.context === null) throw new Error('This browser has no 2D canvas in workers.');
    return surface.context;
  }
}

const sizeOf = (image: ImageBitmap | VideoFrame): SizePx =>
  'displayWidth' in image
    ? { width: image.displayWidth, height: image.displayHeight }
    : { width: image.width, height: image.height };

const fitted = ({ width, height }: SizePx): SizePx => {
  const scale = Math.min(1, longestSidePx / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
};
