/** A block has changed when its mean luma differs by this much; a head that moves a little changes few blocks so far. */
const CHANGED_LEVELS = 30;
/** Share of the blocks that something new in the picture changes: a phone of 2 % of it. */
const CHANGED_SHARE = 0.02;

/** Notices that something came into the picture, so that it can be looked at before its turn. */
export class SceneChange {
  #seen: Float32Array | null = null;

  /** Since the last `mark`. Nothing to compare with is no change. */
  hasChanged(blocks: Float32Array | null): boolean {
    const seen = this.#seen;
    if (seen === null || blocks === null) return false;
    const changed = blocks.filter((mean, i) => Math.abs(mean - (seen[i] ?? mean)) >= CHANGED_LEVELS);
    return changed.length >= CHANGED_SHARE * blocks.length;
  }

  mark(blocks: Float32Array | null): void {
    this.#seen = blocks;
  }

  reset(): void {
    this.#seen = null;
  }
}
