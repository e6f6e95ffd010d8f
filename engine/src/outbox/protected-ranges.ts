import type { ProtectedRange } from './outbox-store.ts';

/** Frames this long before and after an observation are protected with it. */
const paddingMs = 5000;
/** More observations than a proctor could review; the oldest lose their protection first. */
const maxRanges = 500;

/** Time ranges around observations, whose frames are thinned out last. */
export class ProtectedRanges {
  readonly #ranges = new Map<string, ProtectedRange>();

  /** @param endedAtMs end of ranges that were still open when the page was closed. */
  constructor(ranges: readonly ProtectedRange[], endedAtMs: number) {
    for (const range of ranges) this.#ranges.set(range.id, { ...range, toMs: range.toMs ?? endedAtMs });
  }

  get all(): ProtectedRange[] {
    return [...this.#ranges.values()];
  }

  /** `toMs` is null while the observation continues. */
  set(id: string, fromMs: number, toMs: number | null): void {
    this.#ranges.delete(id);
    this.#ranges.set(id, { id, fromMs: fromMs - paddingMs, toMs: toMs === null ? null : toMs + paddingMs });
    for (const oldest of this.#ranges.keys()) {
      if (this.#ranges.size <= maxRanges) return;
      this.#ranges.delete(oldest);
    }
  }

  covers(timestampMs: number): boolean {
    for (const { fromMs, toMs } of this.#ranges.values()) {
      if (timestampMs >= fromMs && (toMs === null || timestampMs <= toMs)) return true;
    }
    return false;
  }
}
