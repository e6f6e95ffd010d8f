import { DeadlineError } from '../timing/deadline.ts';
import type { LossLedger } from './loss-ledger.ts';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { OutboxHead, OutboxStore } from './outbox-store.ts';
import { rangesOf } from './seq-ranges.ts';
import { SpilledOutboxStore } from './spilled-outbox-store.ts';

export interface OutboxWriterOptions {
  losses: LossLedger;
  head: () => OutboxHead;
  /** Whether the frame is still pending; it may have been acknowledged or dropped during the write. */
  isPending: (seq: number) => boolean;
  onStored: (seqs: readonly number[]) => void;
  /** The disk refused two writes in a row, or gave no answer: new frames are kept in memory from here on. */
  onSpill: (cause: unknown) => void;
}

/** Collects changes and writes them to the store, one atomic write at a time. */
export class OutboxWriter {
  #store: OutboxStore;
  readonly #options: OutboxWriterOptions;
  #unwritten: OutboxEntry[] = [];
  #removals: number[] = [];
  #writing: Promise<void> | null = null;
  #failures = 0;

  constructor(store: OutboxStore, options: OutboxWriterOptions) {
    this.#store = store;
    this.#options = options;
  }

  get store(): OutboxStore {
    return this.#store;
  }

  put(entry: OutboxEntry): void {
    this.#unwritten.push(entry);
  }

  remove(seqs: readonly number[]): void {
    this.#removals.push(...seqs);
    const removed = new Set(seqs);
    if (this.#unwritten.some(({ seq }) => removed.has(seq))) {
      this.#unwritten = this.#unwritten.filter(({ seq }) => !removed.has(seq));
    }
  }

  /** Resolves when the changes so far were written, or the write failed: the next flush then tries again. */
  async flush(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    if (this.#unwritten.length === 0 && this.#removals.length === 0) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
    });
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { losses, head, isPending, onStored } = this.#options;
    const put = this.#unwritten;
    const removals = this.#removals;
    this.#unwritten = [];
    this.#removals = [];
    const lostRanges = losses.takeUnsaved();
    try {
      await this.#store.write({ put, remove: rangesOf(removals.toSorted((a, b) => a - b)), head: head(), lostRanges });
    } catch (cause) {
      this.#unwritten = [...put.filter(({ seq }) => isPending(seq)), ...this.#unwritten];
      this.#removals = [...removals, ...this.#removals];
      if (lostRanges !== null) losses.markUnsaved();
      this.#failed(cause);
      return;
    }
    this.#failures = 0;
    const stored = put.map(({ seq }) => seq);
    this.#removals.push(...stored.filter((seq) => !isPending(seq)));
    onStored(stored.filter(isPending));
  }

  #failed(cause: unknown): void {
    this.#failures += 1;
    // A disk that does not answer would delay every further frame.
    const isHung = cause instanceof DeadlineError;
    if ((this.#failures < 2 && !isHung) || this.#store.kind === 'memory') return;
    this.#store = new SpilledOutboxStore(this.#store, new MemoryOutboxStore());
    this.#options.onSpill(cause);
  }
}
