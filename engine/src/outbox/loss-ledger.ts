import type { LossReason, SeqRange } from '@invigil/protocol/channels';
import type { LostRange } from './outbox-store.ts';

/** Which frames were given up and why, until the server has confirmed it. */
export class LossLedger {
  #ranges: LostRange[];
  readonly #counts: Partial<Record<LossReason, number>>;
  #unsaved = false;

  constructor(counts: Partial<Record<LossReason, number>> = {}, ranges: readonly LostRange[] = []) {
    this.#counts = { ...counts };
    this.#ranges = structuredClone([...ranges]);
  }

  /** All losses of the session, including those that the server has confirmed. */
  get counts(): Partial<Record<LossReason, number>> {
    return { ...this.#counts };
  }

  get total(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  /** Losses that the server has not confirmed. */
  get ranges(): readonly LostRange[] {
    return this.#ranges;
  }

  /** @param ranges in rising order. */
  add(reason: LossReason, ranges: readonly SeqRange[]): void {
    for (const [from, to] of ranges) this.#counts[reason] = (this.#counts[reason] ?? 0) + to - from + 1;
    this.state(reason, ranges);
  }

  /** Reports losses of another client without counting them here; the server knows which of these frames it has. */
  state(reason: LossReason, ranges: readonly SeqRange[]): void {
    for (const [from, to] of ranges) {
      const last = this.#ranges.at(-1);
      if (last?.reason === reason && last.seqs[1] + 1 === from) last.seqs[1] = to;
      else this.#ranges.push({ reason, seqs: [from, to] });
    }
    if (ranges.length > 0) this.#unsaved = true;
  }

  /** The server has settled every frame up to here. Reporting a loss twice is harmless, so saving can wait. */
  settle(upToSeq: number): void {
    const before = this.#ranges.length;
    this.#ranges = this.#ranges.filter(({ seqs }) => seqs[1] > upToSeq);
    if (before > 0 && this.#ranges.length === 0) this.#unsaved = true;
  }

  /** Frames from `fromSeq` on were renumbered by this distance. */
  renumber(fromSeq: number, distance: number): void {
    for (const { seqs } of this.#ranges) {
      if (seqs[0] < fromSeq) continue;
      seqs[0] += distance;
      seqs[1] += distance;
    }
    if (this.#ranges.length > 0) this.#unsaved = true;
  }

  /** The ranges if they have changed since they were last stored, otherwise null. */
  takeUnsaved(): LostRange[] | null {
    if (!this.#unsaved) return null;
    this.#unsaved = false;
    return structuredClone(this.#ranges);
  }

  /** The last save failed. */
  markUnsaved(): void {
    this.#unsaved = true;
  }
}
