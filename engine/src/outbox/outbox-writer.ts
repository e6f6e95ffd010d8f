import type { LossLedger } from './loss-ledger.ts';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import type { OutboxEntry, OutboxHead, OutboxStore } from './outbox-store.ts';
import { rangesOf } from './seq-ranges.ts';
import { SpilledOutboxStore } from './spilled-outbox-store.ts';

export interface OutboxWriterOptions {
  losses: LossLedger;
  head: () => OutboxHead;
  /** Whether the frame is still to be kept; it may have been acknowledged or given up while it was being written. */
  isKept: (seq: number) => boolean;
  onStored: (seqs: readonly number[]) => void;
  /** The disk refused twice in a row: from here on frames wait in memory. */
  onSpill: (cause: unknown) => void;
}

/** Gathers changes and writes them to the store, one write at a time, each of them whole. */
export class OutboxWriter {
  #store: OutboxStore;
  readonly #parts: OutboxWriterOptions;
  #unwritten: OutboxEntry[] = [];
  #removals: number[] = [];
  #writing: Promise<void> | null = null;
  #failures = 0;

  constructor(store: OutboxStore, parts: OutboxWriterOptions) {
    this.#store = store;
    this.#parts = parts;
  }

  get store(): OutboxStore {
    return this.#store;
  }

  put(entry: OutboxEntry): void {
    this.#unwritten.push(entry);
  }

  remove(seqs: readonly number[]): void {
    this.#removals.push(...seqs);
    const gone = new Set(seqs);
    if (this.#unwritten.some(({ seq }) => gone.has(seq))) {
      this.#unwritten = this.#unwritten.filter(({ seq }) => !gone.has(seq));
    }
  }

  /** Resolves when what was there at the call has been written, or has failed to be: then it is tried again next time. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    if (this.#unwritten.length === 0 && this.#removals.length === 0) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
    });
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { losses, head, isKept, onStored, onSpill } = this.#parts;
    const put = this.#unwritten;
    const removals = this.#removals;
    this.#unwritten = [];
    this.#removals = [];
    const lostRanges = losses.takeUnsaved();
    try {
      await this.#store.write({ put, remove: rangesOf(removals.toSorted((a, b) => a - b)), head: head(), lostRanges });
    } catch (cause) {
      this.#unwritten = [...put.filter(({ seq }) => isKept(seq)), ...this.#unwritten];
      this.#removals = [...removals, ...this.#removals];
      if (lostRanges !== null) losses.markUnsaved();
      this.#failures += 1;
      if (this.#failures < 2 || this.#store.kind === 'memory') return;
      this.#store = new SpilledOutboxStore(this.#store, new MemoryOutboxStore());
      onSpill(cause);
      return;
    }
    this.#failures = 0;
    const stored = put.map(({ seq }) => seq);
    this.#removals.push(...stored.filter((seq) => !isKept(seq)));
    onStored(stored.filter(isKept));
  }
}
