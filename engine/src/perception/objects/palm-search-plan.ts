import { squareAround } from '../image/image-sampler.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import type { SizePx } from '../geometry/landmark.ts';

/** A square with a margin: hands that fill the image, or that its edge cuts, appear smaller and off the edge. */
const wideShare = 1.5;
/** Tiles overlap, and hold hands that are too small for the palm detector's 192 pixels. */
const tileShare = 0.6;
const quarterTurn = Math.PI / 2;

/**
 * Which parts of an image are searched for palms. The palm detector finds many hands only at another size or rotation:
 * those that hold something, or lie sideways.
 */
export class PalmSearchPlan {
  #searches = 0;

  /** The whole image, and one further view in turn, so that all searches cost about the same. */
  next(image: SizePx): SampledSquare[] {
    const further = furtherViews(image);
    return [squareAround(image, 0), further[this.#searches++ % further.length]!];
  }

  reset(): void {
    this.#searches = 0;
  }
}

/** All views, as for a single image. */
export const everyView = (image: SizePx): SampledSquare[] => [squareAround(image, 0), ...furtherViews(image)];

const furtherViews = (image: SizePx): SampledSquare[] => {
  const whole = squareAround(image, 0);
  return [
    { ...whole, sidePx: whole.sidePx * wideShare },
    squareAround(image, quarterTurn),
    ...tilesOf(image),
    squareAround(image, -quarterTurn),
  ];
};

/** Along the lower edge first, where hands appear. */
const tilesOf = ({ width, height }: SizePx): SampledSquare[] => {
  const sidePx = Math.max(width, height) * tileShare;
  const centers = (length: number, count: number): number[] =>
    length <= sidePx
      ? [length / 2]
      : Array.from({ length: count }, (_, i) => sidePx / 2 + (i * (length - sidePx)) / (count - 1));
  return centers(height, 2)
    .toReversed()
    .flatMap((centerY) => centers(width, 3).map((centerX) => ({ centerX, centerY, sidePx, rotationRad: 0 })));
};
