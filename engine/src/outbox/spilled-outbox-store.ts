import type { MemoryOutboxStore } from './memory-outbox-store.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { OutboxChange, OutboxStore } from './outbox-store.ts';

/** After the disk refused to write: new frames are kept in memory, and older ones are still read from the disk. */
export class SpilledOutboxStore implements OutboxStore {
  readonly kind = 'memory';
  readonly #disk: OutboxStore;
  readonly #memory: MemoryOutboxStore;

  constructor(disk: OutboxStore, memory: MemoryOutboxStore) {
    this.#disk = disk;
    this.#memory = memory;
  }

  load(): ReturnType<OutboxStore['load']> {
    return this.#memory.load();
  }

  async write(change: OutboxChange): Promise<void> {
    await this.#memory.write(change);
    // Deleting frees space. It may fail: after a reload the server reports again which frames it has.
    await this.#disk.write({ ...change, put: [] }).catch(() => undefined);
  }

  async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    const inMemory = await this.#memory.read(fromSeq, toSeq);
    const onDisk = await this.#disk.read(fromSeq, toSeq).catch(() => []);
    const held = new Set(inMemory.map(({ seq }) => seq));
    return [...onDisk.filter(({ seq }) => !held.has(seq)), ...inMemory].toSorted((a, b) => a.seq - b.seq);
  }

  close(): void {
    this.#memory.close();
    this.#disk.close();
  }
}
