import type { BoxPx, SizePx } from '../geometry/landmark.ts';
import { blocksAcross, blocksDown } from './block-means.ts';

/** A block has changed if its mean luma differs by this much; lamps and clouds change it by less. */
const changedLevels = 30;
/** Share of the blocks that a phone of 2 % of the image changes. */
const changedShare = 0.02;
/** Blocks within this many sides of a face's box belong to its head, which moves all the time. */
const headPerFace = 2;

/** Detects that an object appeared in the image, so that the phone search can run early. Heads are ignored. */
export class SceneChange {
  #seen: { blocks: Float32Array; heads: readonly BoxPx[] } | null = null;

  /**
   * Whether blocks outside the heads (the current ones and those at the last `mark`) have changed since that mark.
   * @param heads boxes of faces, in pixels of the image. Without an earlier image nothing has changed.
   */
  hasChanged(blocks: Float32Array | null, heads: readonly BoxPx[], image: SizePx): boolean {
    const seen = this.#seen;
    if (seen === null || blocks === null) return false;
    const areas = [...heads, ...seen.heads].map((box) => headBlocks(box, image));
    let changed = 0;
    blocks.forEach((mean, i) => {
      if (Math.abs(mean - (seen.blocks[i] ?? mean)) < changedLevels) return;
      const [column, row] = [i % blocksAcross, Math.floor(i / blocksAcross)];
      const inHead = areas.some(
        ({ left, top, right, bottom }) => column >= left && column < right && row >= top && row < bottom,
      );
      if (!inHead) changed += 1;
    });
    return changed >= changedShare * blocks.length;
  }

  mark(blocks: Float32Array | null, heads: readonly BoxPx[]): void {
    this.#seen = blocks === null ? null : { blocks, heads };
  }

  reset(): void {
    this.#seen = null;
  }
}

/** The blocks of a head, as a range of columns and rows. */
const headBlocks = ({ x, y, width, height }: BoxPx, image: SizePx) => {
  const [centerX, centerY] = [x + width / 2, y + height / 2];
  const [reachX, reachY] = [(width * headPerFace) / 2, (height * headPerFace) / 2];
  const column = (px: number): number => (px / image.width) * blocksAcross;
  const row = (px: number): number => (px / image.height) * blocksDown;
  return {
    left: Math.floor(column(centerX - reachX)),
    top: Math.floor(row(centerY - reachY)),
    right: Math.ceil(column(centerX + reachX)),
    bottom: Math.ceil(row(centerY + reachY)),
  };
};
