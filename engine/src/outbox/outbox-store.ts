import type { LossReason, SeqRange } from '@invigil/protocol/channels';

/** A frame as it is kept: its JSON without the number, so that it can be numbered anew at no cost. */
export interface OutboxEntry {
  seq: number;
  timestampMs: number;
  json: string;
}

export type OutboxEntryInfo = Omit<OutboxEntry, 'json'> & { bytes: number };

/** A stretch of frames that must not be thinned out. `toMs` null: it goes on. */
export interface ProtectedRange {
  id: string;
  fromMs: number;
  toMs: number | null;
}

export interface LostRange {
  reason: LossReason;
  seqs: SeqRange;
}

/** What must survive a reload besides the frames. */
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
  /** Losses that the server has not confirmed; null leaves them as they are stored. */
  lostRanges: LostRange[] | null;
}

/** Where the frames of one session wait. */
export interface OutboxStore {
  readonly kind: 'indexeddb' | 'memory';
  /** Everything but the bodies; entries in the order of their numbers. */
  load(): Promise<{ head: OutboxHead | null; lostRanges: LostRange[]; entries: OutboxEntryInfo[] }>;
  /** Either the whole change or nothing of it. Removals come before puts. */
  write(change: OutboxChange): Promise<void>;
  /** Those of the entries from..to (inclusive) that are there, in order. */
  read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]>;
  close(): void;
}
