import { squareAround } from '../image/image-sampler.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import type { DetectedFace } from './face-detector.ts';
import type { FaceRange } from './face-models.ts';
import type { SizePx } from '../geometry/landmark.ts';

/** The whole image, the image with a margin around it, or a tile of it. */
export type SearchView = 'whole' | 'wide' | 'tile';

/** A square of the image and the detector that searches it. */
export interface SearchPlace {
  square: SampledSquare;
  range: FaceRange;
  view: SearchView;
}

/**
 * The short-range detector sees the whole image at 128 pixels and so misses faces below about a tenth of it. Tiles of half the
 * size, overlapping by half, hold faces half as large.
 */
const tileShare = 0.5;
/**
 * Side of the wide view, in sides of the image. Faces that fill the image or are cut by its edge, and many masked ones,
 * get higher scores if they are smaller and inside the square.
 */
const wideShare = 1.4;
/** This close to a tile's border, a face counts as cut. */
const innerEdgePx = 2;
/** While a face is tracked, new ones are searched for on every second image. */
const imagesPerSearch = 2;

interface SearchState {
  /** A face with a mesh is tracked. */
  follows: boolean;
  /** A face was found that must be confirmed before it counts. */
  hurried: boolean;
  /** The image has changed, or a face without a mesh is tracked, which only searches can follow. */
  changed: boolean;
}

/**
 * Which part of an image is searched for new faces, and by which detector: one at a time, so that each image costs the
 * same.
 */
export class SearchPlan {
  #images = 0;
  #searches = 0;
  #tiles = 0;
  #hasChanged = true;
  #skippedFull = false;

  /** Where to search next for faces that are not tracked. */
  next(image: SizePx, { follows, hurried, changed }: SearchState): SearchPlace[] {
    this.#hasChanged ||= changed;
    const isSearch = !follows || hurried || this.#images % imagesPerSearch === 0;
    this.#images += 1;
    if (!isSearch) return [];
    const turn = this.#searches++;
    if (hurried) return bothViews(image);
    if (!follows) return turn % 2 === 0 ? bothViews(image) : [whole(image, 'short'), this.#tile(image)];
    if (turn % 2 === 1) return [this.#tile(image)];
    return turn % 4 === 0 || this.#skipsFull() ? [whole(image, 'short')] : both(image);
  }

  /** The full-range detector costs four times as much as the other: where nothing has changed, every second turn is enough. */
  #skipsFull(): boolean {
    this.#skippedFull = !this.#hasChanged && !this.#skippedFull;
    this.#hasChanged = false;
    return this.#skippedFull;
  }

  reset(): void {
    this.#images = 0;
    this.#searches = 0;
    this.#tiles = 0;
    this.#hasChanged = true;
    this.#skippedFull = false;
  }

  #tile(image: SizePx): SearchPlace {
    const tiles = tilesOf(image);
    return tiles[this.#tiles++ % tiles.length]!;
  }
}

/** All parts at once, as for a single image. */
export const everywhere = (image: SizePx): SearchPlace[] => [...bothViews(image), ...tilesOf(image)];

/** Both detectors, because both are needed to judge a face without a mesh. */
const both = (image: SizePx): SearchPlace[] => [whole(image, 'short'), whole(image, 'full')];

/** A face cut by a tile's border is seen whole in the next tile or in the whole image. */
export const touchesInnerEdge = ({ box }: Pick<DetectedFace, 'box'>, square: SampledSquare, image: SizePx): boolean => {
  const { centerX, centerY, sidePx } = square;
  const reachPx = sidePx / 2 - innerEdgePx;
  const edges = {
    left: centerX - sidePx / 2,
    top: centerY - sidePx / 2,
    right: centerX + sidePx / 2,
    bottom: centerY + sidePx / 2,
  };
  return (
    (box.x < centerX - reachPx && edges.left > 0) ||
    (box.y < centerY - reachPx && edges.top > 0) ||
    (box.x + box.width > centerX + reachPx && edges.right < image.width) ||
    (box.y + box.height > centerY + reachPx && edges.bottom < image.height)
  );
};

/** By both detectors. Not while a mesh is tracked: the student is then found, and others are rarely that close. */
const bothViews = (image: SizePx): SearchPlace[] => [...both(image), ...both(image).map(widened)];

const whole = (image: SizePx, range: FaceRange): SearchPlace => ({
  square: squareAround(image, 0),
  range,
  view: 'whole',
});

const widened = ({ square, range }: SearchPlace): SearchPlace => ({
  square: { ...square, sidePx: square.sidePx * wideShare },
  range,
  view: 'wide',
});

const tilesOf = ({ width, height }: SizePx): SearchPlace[] => {
  const sidePx = Math.round(Math.max(width, height) * tileShare);
  const centers = (length: number): number[] => {
    if (length <= sidePx) return [length / 2];
    const count = Math.max(2, Math.ceil((length - sidePx) / (sidePx / 2)) + 1);
    return Array.from({ length: count }, (_, i) => Math.round((i * (length - sidePx)) / (count - 1)) + sidePx / 2);
  };
  return centers(height).flatMap((centerY) =>
    centers(width).map((centerX) => ({
      square: { centerX, centerY, sidePx, rotationRad: 0 },
      range: 'short' as const,
      view: 'tile' as const,
    })),
  );
};
