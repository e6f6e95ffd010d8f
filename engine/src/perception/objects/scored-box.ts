/** A box as shares of the sides of the model's input image, 0–1. */
export interface ScoredBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** 0–1. */
  score: number;
}

/** Boxes that overlap a higher-scoring one by more than this (intersection over union) are the same object. */
const sameThingIou = 0.5;

/** Non-maximum suppression. @returns at most `most` boxes, highest score first. */
export const distinctBoxes = (boxes: readonly ScoredBox[], most: number): ScoredBox[] => {
  const kept: ScoredBox[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score)) {
    if (kept.length >= most) break;
    if (kept.every((other) => overlap(other, box) <= sameThingIou)) kept.push(box);
  }
  return kept;
};

/** Intersection over union. */
const overlap = (a: ScoredBox, b: ScoredBox): number => {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (area(a) + area(b) - shared);
};

const area = ({ left, top, right, bottom }: ScoredBox): number => (right - left) * (bottom - top);
