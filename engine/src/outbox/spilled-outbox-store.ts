import type { SeqRange } from '@invigil/protocol/channels';
import type { MemoryOutboxStore } from './memory-outbox-store.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import { PartialReadError } from './outbox-store.ts';
import type { OutboxChange, OutboxStore } from './outbox-store.ts';

/** After the disk refused to write: new frames are kept in memory, and older ones are still read from the disk. */
export class SpilledOutboxStore implements OutboxStore {
  readonly kind = 'memory';
  readonly #disk: OutboxStore;
  readonly #memory: MemoryOutboxStore;
  readonly #unremoved: SeqRange[] = [];
  #isRemoving = false;

  constructor(disk: OutboxStore, memory: MemoryOutboxStore) {
    this.#disk = disk;
    this.#memory = memory;
  }

  load(): ReturnType<OutboxStore['load']> {
    return this.#memory.load();
  }

  async write(change: OutboxChange): Promise<void> {
    await this.#memory.write(change);
    this.#unremoved.push(...change.remove);
    if (!this.#isRemoving) void this.#removeFromDisk(change);
  }

  async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    const inMemory = await this.#memory.read(fromSeq, toSeq);
    try {
      const onDisk = await this.#disk.read(fromSeq, toSeq);
      const held = new Set(inMemory.map(({ seq }) => seq));
      return [...onDisk.filter(({ seq }) => !held.has(seq)), ...inMemory].toSorted((a, b) => a.seq - b.seq);
    } catch (cause) {
      throw new PartialReadError(inMemory, cause);
    }
  }

  /** Deleting frees space, but nothing waits for a disk that may hang. After a reload the server reports again which frames it has. */
  async #removeFromDisk({ head, lostRanges }: OutboxChange): Promise<void> {
    this.#isRemoving = true;
    const remove = this.#unremoved.splice(0);
    await this.#disk.write({ put: [], remove, head, lostRanges }).catch(() => this.#unremoved.unshift(...remove));
    this.#isRemoving = false;
  }

  close(): void {
    this.#memory.close();
    this.#disk.close();
  }
}
