import type { OutboxEntryInfo } from './outbox-entry.ts';

export interface PendingFrame extends OutboxEntryInfo {
  stored: boolean;
  /** It was sent at least once, so the server may have it. */
  sent: boolean;
}

export interface SendableQuery {
  fromSeq: number;
  toSeq: number;
  maxFrames: number;
  maxBytes: number;
}

/** The comma between two frames of a message. */
const separatorBytes = 1;

/** Index of the frames that the server has not acknowledged, in the order of their numbers. */
export class PendingFrames {
  readonly #frames = new Map<number, PendingFrame>();
  #bytes = 0;

  get size(): number {
    return this.#frames.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(seq: number): boolean {
    return this.#frames.has(seq);
  }

  get(seq: number): PendingFrame | undefined {
    return this.#frames.get(seq);
  }

  isStored(seq: number): boolean {
    return this.#frames.get(seq)?.stored === true;
  }

  seqs(): number[] {
    return [...this.#frames.keys()];
  }

  all(): PendingFrame[] {
    return [...this.#frames.values()];
  }

  set({ seq, timestampMs, bytes }: OutboxEntryInfo, { stored, sent }: { stored: boolean; sent: boolean }): void {
    this.#bytes += bytes - (this.#frames.get(seq)?.bytes ?? 0);
    this.#frames.set(seq, { seq, timestampMs, bytes, stored, sent });
  }

  delete(seq: number): void {
    this.#bytes -= this.#frames.get(seq)?.bytes ?? 0;
    this.#frames.delete(seq);
  }

  markStored(seqs: readonly number[]): void {
    for (const seq of seqs) {
      const frame = this.#frames.get(seq);
      if (frame !== undefined) frame.stored = true;
    }
  }

  markSent(seq: number): void {
    const frame = this.#frames.get(seq);
    if (frame !== undefined) frame.sent = true;
  }

  /** Numbers up to `upToSeq`, oldest first. */
  upTo(upToSeq: number): number[] {
    const seqs: number[] = [];
    for (const seq of this.#frames.keys()) {
      if (seq > upToSeq) break;
      seqs.push(seq);
    }
    return seqs;
  }

  /** Numbers of stored frames in the range, oldest first, within the limits (but at least one frame). */
  sendable({ fromSeq, toSeq, maxFrames, maxBytes }: SendableQuery): number[] {
    const seqs: number[] = [];
    let total = 0;
    for (const { seq, stored, bytes } of this.#frames.values()) {
      if (seq > toSeq || seqs.length >= maxFrames) break;
      if (seq < fromSeq || !stored) continue;
      total += bytes + separatorBytes;
      if (total > maxBytes && seqs.length > 0) break;
      seqs.push(seq);
    }
    return seqs;
  }
}
