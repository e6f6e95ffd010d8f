import type { ProtectedRange } from './outbox-store.ts';

/** Frames so long before and after an observation are kept with it. */
const paddingMs = 5000;
/** The oldest are let go first; a proctor could not read so many observations. */
const maxStretches = 500;

/** Stretches of time around observations, whose frames are thinned out last. */
export class ProtectedRanges {
  readonly #stretches = new Map<string, ProtectedRange>();

  /** @param endedAtMs where stretches that were still going on are closed: their observer is gone. */
  constructor(stretches: readonly ProtectedRange[], endedAtMs: number) {
    for (const stretch of stretches) this.#stretches.set(stretch.id, { ...stretch, toMs: stretch.toMs ?? endedAtMs });
  }

  get all(): ProtectedRange[] {
    return [...this.#stretches.values()];
  }

  /** `toMs` null while the observation goes on. */
  set(id: string, fromMs: number, toMs: number | null): void {
    this.#stretches.delete(id);
    this.#stretches.set(id, { id, fromMs: fromMs - paddingMs, toMs: toMs === null ? null : toMs + paddingMs });
    for (const oldest of this.#stretches.keys()) {
      if (this.#stretches.size <= maxStretches) return;
      this.#stretches.delete(oldest);
    }
  }

  covers(timestampMs: number): boolean {
    for (const { fromMs, toMs } of this.#stretches.values()) {
      if (timestampMs >= fromMs && (toMs === null || timestampMs <= toMs)) return true;
    }
    return false;
  }
}
