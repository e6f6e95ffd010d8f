import type { OutboxEntry } from './outbox-entry.ts';
import type { LostRange, OutboxChange, OutboxHead, OutboxStore } from './outbox-store.ts';

/** For browsers without storage: frames are kept until the page is closed. */
export class MemoryOutboxStore implements OutboxStore {
  readonly kind: OutboxStore['kind'] = 'memory';
  readonly #entries = new Map<number, OutboxEntry>();
  #head: OutboxHead | null = null;
  #lostRanges: LostRange[] = [];

  #sorted(): OutboxEntry[] {
    return [...this.#entries.values()].toSorted((a, b) => a.seq - b.seq);
  }

  async load(): ReturnType<OutboxStore['load']> {
    const entries = this.#sorted().map(({ seq, timestampMs, bytes }) => ({ seq, timestampMs, bytes }));
    return { head: structuredClone(this.#head), lostRanges: structuredClone(this.#lostRanges), entries };
  }

  async write({ put, remove, head, lostRanges }: OutboxChange): Promise<void> {
    for (const [from, to] of remove) {
      for (const seq of this.#entries.keys()) if (seq >= from && seq <= to) this.#entries.delete(seq);
    }
    for (const entry of put) this.#entries.set(entry.seq, entry);
    this.#head = structuredClone(head);
    if (lostRanges !== null) this.#lostRanges = structuredClone(lostRanges);
  }

  async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    return this.#sorted().filter(({ seq }) => seq >= fromSeq && seq <= toSeq);
  }

  close(): void {
    this.#entries.clear();
  }
}
