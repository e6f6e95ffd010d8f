import type { LossReason, SeqRange } from '@invigil/protocol/channels';
import type { LostRange } from './outbox-store.ts';

/** Which frames were given up and why, until the server has taken note of it. */
export class LossLedger {
  #ranges: LostRange[];
  readonly #counts: Partial<Record<LossReason, number>>;
  #unsaved = false;

  constructor(counts: Partial<Record<LossReason, number>> = {}, ranges: readonly LostRange[] = []) {
    this.#counts = { ...counts };
    this.#ranges = structuredClone([...ranges]);
  }

  /** All losses of the session, those that the server knows of included. */
  get counts(): Partial<Record<LossReason, number>> {
    return { ...this.#counts };
  }

  get total(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  /** What the server may not know yet. */
  get ranges(): readonly LostRange[] {
    return this.#ranges;
  }

  /** @param ranges in rising order. */
  add(reason: LossReason, ranges: readonly SeqRange[]): void {
    for (const [from, to] of ranges) this.#counts[reason] = (this.#counts[reason] ?? 0) + to - from + 1;
    this.state(reason, ranges);
  }

  /** States losses that were not this page's, and may in part be none: the server knows which of them it has. */
  state(reason: LossReason, ranges: readonly SeqRange[]): void {
    for (const [from, to] of ranges) {
      const last = this.#ranges.at(-1);
      if (last?.reason === reason && last.seqs[1] + 1 === from) last.seqs[1] = to;
      else this.#ranges.push({ reason, seqs: [from, to] });
    }
    if (ranges.length > 0) this.#unsaved = true;
  }

  /** The server has everything up to here, or knows that it is lost. Stating a loss again does no harm, so saving can wait. */
  settle(upToSeq: number): void {
    const before = this.#ranges.length;
    this.#ranges = this.#ranges.filter(({ seqs }) => seqs[1] > upToSeq);
    if (before > 0 && this.#ranges.length === 0) this.#unsaved = true;
  }

  /** Frames from `fromSeq` on were numbered anew, all by the same distance. */
  renumber(fromSeq: number, distance: number): void {
    for (const { seqs } of this.#ranges) {
      if (seqs[0] < fromSeq) continue;
      seqs[0] += distance;
      seqs[1] += distance;
    }
    this.#unsaved = this.#ranges.length > 0;
  }

  /** The ranges when they have to be stored again, otherwise null. */
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
