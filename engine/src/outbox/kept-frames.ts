import type { ClientFrame } from './client-frame.ts';
import { FrameCache } from './frame-cache.ts';
import { outboxEntry } from './outbox-entry.ts';
import type { OutboxEntry, OutboxEntryInfo } from './outbox-entry.ts';
import { PartialReadError } from './outbox-store.ts';
import type { OutboxStore } from './outbox-store.ts';
import { OutboxWriter } from './outbox-writer.ts';
import type { OutboxWriterOptions } from './outbox-writer.ts';
import { PendingFrames } from './pending-frames.ts';

export interface KeptFramesOptions extends Omit<OutboxWriterOptions, 'isPending' | 'onStored'> {
  /** Frames that are stored and also kept in memory, for a last message while the page is closed. */
  maxCachedBytes: number;
}

interface StoredFrames {
  frames: Map<number, ClientFrame>;
  /** Why the store could not read all of them; null if it could. */
  error: Error | null;
}

const nothingStored: StoredFrames = { frames: new Map(), error: null };

/** After this many failed reads in a row, frames that only the disk holds count as lost. */
const maxFailedReads = 5;

/** The unacknowledged frames: an index of all of them, the newest in memory, and all of them in the store. */
export class KeptFrames {
  readonly pending = new PendingFrames();
  readonly #cache = new FrameCache();
  readonly #writer: OutboxWriter;
  readonly #maxCachedBytes: number;
  #failedReads = 0;

  constructor(store: OutboxStore, entries: readonly OutboxEntryInfo[], options: KeptFramesOptions) {
    for (const entry of entries) this.pending.set(entry, { stored: true, sent: false });
    this.#maxCachedBytes = options.maxCachedBytes;
    this.#writer = new OutboxWriter(store, {
      ...options,
      isPending: (seq) => this.pending.has(seq),
      onStored: (seqs) => this.#markStored(seqs),
    });
  }

  get storage(): OutboxStore['kind'] {
    return this.#writer.store.kind;
  }

  /** Adds a frame, or replaces the one with its number. */
  put(frame: ClientFrame, sent = false): void {
    const entry = outboxEntry(frame);
    this.#writer.put(entry);
    this.pending.set(entry, { stored: false, sent });
    this.#cache.set(entry);
  }

  remove(seqs: readonly number[]): void {
    for (const seq of seqs) {
      this.pending.delete(seq);
      this.#cache.delete(seq);
    }
    this.#writer.remove(seqs);
  }

  /** Replaces a frame that is stored already. */
  replace(frame: ClientFrame): void {
    const { sent = false } = this.pending.get(frame.seq) ?? {};
    this.#writer.remove([frame.seq]);
    this.put(frame, sent);
  }

  flush(): Promise<void> {
    return this.#writer.flush();
  }

  /**
   * The frames from `fromSeq` to `toSeq` that memory and disk hold. Rejects while the disk cannot be read, until it has
   * failed too often.
   */
  async readRange(fromSeq: number, toSeq: number): Promise<Map<number, ClientFrame>> {
    const { frames, error } = await this.#fromStore(fromSeq, toSeq);
    if (error !== null && this.#failedReads < maxFailedReads) throw error;
    for (const seq of this.pending.seqs()) {
      const cached = this.#cache.get(seq);
      if (seq >= fromSeq && seq <= toSeq && cached !== undefined) frames.set(seq, cached);
    }
    return frames;
  }

  /**
   * Frames by rising number, and the numbers of those that are permanently lost. Never rejects: while the disk cannot
   * be read, frames that only it holds are in neither list, until it has failed too often.
   */
  async read(seqs: readonly number[]): Promise<{ frames: ClientFrame[]; lost: number[] }> {
    const isCached = seqs.every((seq) => this.#cache.has(seq));
    const stored = isCached ? nothingStored : await this.#fromStore(seqs[0] ?? 0, seqs.at(-1) ?? -1);
    const frames: ClientFrame[] = [];
    const missing: number[] = [];
    for (const seq of seqs) {
      const frame = this.#cache.get(seq) ?? stored.frames.get(seq);
      if (frame !== undefined) frames.push(frame);
      else if (this.pending.has(seq)) missing.push(seq);
    }
    return { frames, lost: stored.error === null || this.#failedReads >= maxFailedReads ? missing : [] };
  }

  /** The newest stored frames that are in memory, by rising number, for a message that cannot wait for the disk. */
  cached(maxBytes: number, canSend: (seq: number) => boolean): ClientFrame[] {
    const frames: ClientFrame[] = [];
    let total = 0;
    for (const { seq, bytes, frame } of this.#cache.newestFirst()) {
      if (!this.pending.isStored(seq) || !canSend(seq)) continue;
      total += bytes + 1;
      if (total > maxBytes) break;
      frames.unshift(frame);
    }
    return frames;
  }

  close(): void {
    this.#writer.store.close();
  }

  async #fromStore(fromSeq: number, toSeq: number): Promise<StoredFrames> {
    const framesOf = (entries: readonly OutboxEntry[]): StoredFrames['frames'] =>
      new Map(entries.map(({ seq, frame }) => [seq, frame]));
    try {
      const frames = framesOf(await this.#writer.store.read(fromSeq, toSeq));
      this.#failedReads = 0;
      return { frames, error: null };
    } catch (error) {
      this.#failedReads += 1;
      const frames = framesOf(error instanceof PartialReadError ? error.entries : []);
      return { frames, error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  #markStored(seqs: readonly number[]): void {
    this.pending.markStored(seqs);
    this.#cache.shrink(this.#maxCachedBytes, (seq) => this.pending.isStored(seq));
  }
}
