import type { ClientFrame } from './client-frame.ts';
import type { OutboxEntry } from './outbox-entry.ts';

/** Frames in memory, in the order of their numbers, bounded in bytes. */
export class FrameCache {
  readonly #entries = new Map<number, OutboxEntry>();
  #bytes = 0;

  has(seq: number): boolean {
    return this.#entries.has(seq);
  }

  get(seq: number): ClientFrame | undefined {
    return this.#entries.get(seq)?.frame;
  }

  /** Adds a frame, or replaces the frame that has its number. */
  set(entry: OutboxEntry): void {
    this.#bytes += entry.bytes - (this.#entries.get(entry.seq)?.bytes ?? 0);
    this.#entries.set(entry.seq, entry);
  }

  delete(seq: number): void {
    this.#bytes -= this.#entries.get(seq)?.bytes ?? 0;
    this.#entries.delete(seq);
  }

  /** Drops the oldest frames for which `canDrop` holds until the rest fits. */
  shrink(maxBytes: number, canDrop: (seq: number) => boolean): void {
    for (const seq of this.#entries.keys()) {
      if (this.#bytes <= maxBytes) return;
      if (canDrop(seq)) this.delete(seq);
    }
  }

  newestFirst(): OutboxEntry[] {
    return [...this.#entries.values()].toReversed();
  }
}
