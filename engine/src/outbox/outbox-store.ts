import type { LossReason, SeqRange } from '@invigil/protocol/channels';
import type { OutboxEntry, OutboxEntryInfo } from './outbox-entry.ts';

/** A time range whose frames are thinned out last. `toMs` is null while the observation in it continues. */
export interface ProtectedRange {
  id: string;
  fromMs: number;
  toMs: number | null;
}

export interface LostRange {
  reason: LossReason;
  seqs: SeqRange;
}

/** State that must survive a reload, besides the frames. */
export interface OutboxHead {
  nextSeq: number;
  lastTimestampMs: number;
  guarded: ProtectedRange[];
  lost: Partial<Record<LossReason, number>>;
}

export interface OutboxChange {
  put: OutboxEntry[];
  remove: SeqRange[];
  head: OutboxHead;
  /** Losses that the server has not confirmed; null leaves the stored ones unchanged. */
  lostRanges: LostRange[] | null;
}

/** Part of the storage cannot be read at the moment; its contents are unknown. */
export class PartialReadError extends Error {
  override readonly name = 'PartialReadError';
  /** The contents of the readable part. */
  readonly entries: readonly OutboxEntry[];

  constructor(entries: readonly OutboxEntry[], cause: unknown) {
    super('part of the outbox cannot be read', { cause });
    this.entries = entries;
  }
}

/** Storage for the unacknowledged frames of one session. */
export interface OutboxStore {
  readonly kind: 'indexeddb' | 'memory';
  /** Everything except the frames themselves; entries ordered by number. */
  load(): Promise<{ head: OutboxHead | null; lostRanges: LostRange[]; entries: OutboxEntryInfo[] }>;
  /** Applies the whole change or none of it. Removals come before puts. */
  write(change: OutboxChange): Promise<void>;
  /** Stored entries from `fromSeq` to `toSeq` (inclusive), ordered by number. Rejects if it cannot read all of them. */
  read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]>;
  close(): void;
}
