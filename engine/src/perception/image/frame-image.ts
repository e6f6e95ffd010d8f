import type { SizePx } from '../geometry/landmark.ts';
import type { ImagePyramid } from './image-pyramid.ts';

/** An image of which detectors sample scaled or turned parts. */
export interface FrameImage extends SizePx {
  /** A canvas in browsers without the kernel that samples. */
  source: ImagePyramid | OffscreenCanvas;
}
