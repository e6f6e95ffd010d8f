import type { FeatureFrame } from '@invigil/protocol/frame';
import type { LossReason, SeqRange } from '@invigil/protocol/channels';
import type { FeatureReadings } from '../perception/feature-readings.ts';
import { BodyCache } from './body-cache.ts';
import { ProtectedRanges } from './protected-ranges.ts';
import { LossLedger } from './loss-ledger.ts';
import type { LostRange, OutboxEntryInfo, OutboxHead, OutboxStore } from './outbox-store.ts';
import { OutboxWriter } from './outbox-writer.ts';
import { rangesBetween, rangesOf } from './seq-ranges.ts';
import { shiftTimestamps } from './shift-timestamps.ts';
import { framesToThin } from './thinning.ts';
import { utf8Bytes } from './utf8-bytes.ts';

export interface OutboxLimits {
  maxFrames: number;
  maxBytes: number;
  /** Bodies of stored frames that are also kept in memory: enough for the last message of a page that is closed. */
  maxCachedBytes: number;
}

/** When the outbox is full it is thinned to this share, so that thinning is rare. */
const thinnedShare = 7 / 8;
/** What a frame's number and the comma behind it add in a message, at most. */
const numberBytes = 32;
/** A disk that cannot be read so often in a row is not waited for any longer. */
const maxFailedReads = 5;
/** `sent`: it was on its way at least once, so the server may have it. */
type Waiting = OutboxEntryInfo & { stored: boolean; sent: boolean };

export interface FrameToSend {
  seq: number;
  json: string;
}

/**
 * Frames from their numbering until the server has acknowledged them. A frame may be sent only once it is stored, so that its
 * number is never given twice, whatever happens to the page. Bounded in frames and bytes; what is given up is counted.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #writer: OutboxWriter;
  /** Insertion order is the order of the numbers. */
  readonly #waiting = new Map<number, Waiting>();
  readonly #bodies = new BodyCache();
  readonly #guarded: ProtectedRanges;
  readonly #losses: LossLedger;
  #nextSeq: number;
  /** The first number given in this life of the page; none of this life's is sent before the server said what it has. */
  readonly #firstOwnSeq: number;
  #agreed = false;
  /** In a row. */
  #failedReads = 0;
  #lastTimestampMs: number;
  #bytes = 0;
  #acknowledged = 0;
  #ackedSeq: number | null = null;
  /** From here on nothing is sent; null sends all. */
  #heldFromSeq: number | null = null;

  private constructor(
    store: OutboxStore,
    limits: OutboxLimits,
    loaded: Awaited<ReturnType<OutboxStore['load']>>,
    onSpill: (cause: unknown) => void,
  ) {
    this.#limits = limits;
    const { head, lostRanges, entries } = loaded;
    this.#losses = new LossLedger(head?.lost, lostRanges);
    this.#lastTimestampMs = head?.lastTimestampMs ?? 0;
    this.#nextSeq = Math.max(head?.nextSeq ?? 0, (entries.at(-1)?.seq ?? -1) + 1);
    this.#firstOwnSeq = this.#nextSeq;
    for (const entry of entries) {
      this.#waiting.set(entry.seq, { ...entry, stored: true, sent: false });
      this.#bytes += entry.bytes;
    }
    this.#guarded = new ProtectedRanges(head?.guarded ?? [], this.#lastTimestampMs);
    this.#writer = new OutboxWriter(store, {
      losses: this.#losses,
      head: () => this.#head(),
      isKept: (seq) => this.#waiting.has(seq),
      onStored: (seqs) => this.#markStored(seqs),
      onSpill,
    });
  }

  static async open(
    store: OutboxStore,
    limits: OutboxLimits,
    onSpill: (cause: unknown) => void = () => undefined,
  ): Promise<Outbox> {
    return new Outbox(store, limits, await store.load(), onSpill);
  }

  get storage(): 'indexeddb' | 'memory' {
    return this.#writer.store.kind;
  }
  get waitingFrames(): number {
    return this.#waiting.size;
  }
  get waitingBytes(): number {
    return this.#bytes;
  }
  /** The number that the next frame gets. */
  get nextSeq(): number {
    return this.#nextSeq;
  }
  get lastTimestampMs(): number {
    return this.#lastTimestampMs;
  }
  get ackedSeq(): number | null {
    return this.#ackedSeq;
  }
  /** Frames that the server acknowledged in this life of the page. */
  get acknowledgedFrames(): number {
    return this.#acknowledged;
  }
  get lost(): Partial<Record<LossReason, number>> {
    return this.#losses.counts;
  }
  get lostFrames(): number {
    return this.#losses.total;
  }
  get lostRanges(): readonly LostRange[] {
    return this.#losses.ranges;
  }

  isWaiting(seq: number): boolean {
    return this.#waiting.has(seq);
  }

  /** Numbers a frame and takes it in; `flush` stores it. */
  append(readings: FeatureReadings, timestampMs: number): FeatureFrame {
    const seq = this.#nextSeq++;
    const json = JSON.stringify({ timestamp: timestampMs, ...readings });
    this.#lastTimestampMs = timestampMs;
    this.#writer.put({ seq, timestampMs, json });
    const bytes = utf8Bytes(json);
    this.#waiting.set(seq, { seq, timestampMs, bytes, stored: false, sent: false });
    this.#bytes += bytes;
    this.#bodies.set(seq, json);
    if (this.#waiting.size > this.#limits.maxFrames || this.#bytes > this.#limits.maxBytes) this.#thin();
    return { seq, timestamp: timestampMs, ...readings };
  }

  /** Keeps the frames around an observation from being thinned out. `toMs` null while it goes on. */
  guard(id: string, fromMs: number, toMs: number | null): void {
    this.#guarded.set(id, fromMs, toMs);
  }

  /** Nothing from this number on is sent until it is called with null. */
  holdFrom(seq: number | null): void {
    this.#heldFromSeq = seq;
  }

  /** Stores what is not stored yet. A failure is no rejection: what could not be stored is tried again with the next flush. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  #head(): OutboxHead {
    return {
      nextSeq: this.#nextSeq,
      lastTimestampMs: this.#lastTimestampMs,
      guarded: this.#guarded.all,
      lost: this.#losses.counts,
    };
  }

  #markStored(seqs: readonly number[]): void {
    for (const seq of seqs) {
      const waiting = this.#waiting.get(seq);
      if (waiting !== undefined) waiting.stored = true;
    }
    this.#bodies.shrink(this.#limits.maxCachedBytes, (seq) => this.#waiting.get(seq)?.stored === true);
  }

  /** Numbers of frames that can be sent now, oldest first, at most so many frames and bytes (but at least one frame). */
  sendable(range: { fromSeq: number; toSeq: number }, most: { frames: number; bytes: number }): number[] {
    const seqs: number[] = [];
    let bytes = 0;
    for (const { seq, stored, bytes: size } of this.#waiting.values()) {
      if (seq > range.toSeq || seq >= (this.#heldFromSeq ?? Infinity) || seqs.length >= most.frames) break;
      if (seq < range.fromSeq || !stored) continue;
      bytes += size + numberBytes;
      if (bytes > most.bytes && seqs.length > 0) break;
      seqs.push(seq);
    }
    return seqs;
  }

  /**
   * The frames as JSON texts. What is not there any more is counted as lost and left out. Never rejects: while the disk cannot be
   * read, its frames are left out and go on waiting, until it has failed too often.
   */
  async read(seqs: readonly number[]): Promise<FrameToSend[]> {
    const [first] = seqs;
    const last = seqs.at(-1);
    if (first === undefined || last === undefined) return [];
    const missing = seqs.some((seq) => !this.#bodies.has(seq));
    const stored = new Map<number, string>();
    const isReadable = !missing || (await this.#readInto(stored, first, last));
    const frames: FrameToSend[] = [];
    const gone: number[] = [];
    for (const seq of seqs) {
      const json = this.#bodies.get(seq) ?? stored.get(seq);
      if (json !== undefined) frames.push(this.#toSend(seq, json));
      else if (this.#waiting.has(seq)) gone.push(seq);
    }
    if (isReadable || this.#failedReads >= maxFailedReads) this.#lose('storage_failed', gone);
    return frames;
  }

  /** @returns whether the disk could be read. */
  async #readInto(bodies: Map<number, string>, fromSeq: number, toSeq: number): Promise<boolean> {
    try {
      for (const { seq, json } of await this.#writer.store.read(fromSeq, toSeq)) bodies.set(seq, json);
      this.#failedReads = 0;
      return true;
    } catch {
      this.#failedReads += 1;
      return false;
    }
  }

  #toSend(seq: number, json: string): FrameToSend {
    const waiting = this.#waiting.get(seq);
    if (waiting !== undefined) waiting.sent = true;
    return { seq, json: `{"seq":${seq},${json.slice(1)}` };
  }

  /** The newest stored frames that are in memory, for a message that cannot wait for the disk. */
  cached(maxBytes: number): FrameToSend[] {
    if (!this.#agreed) return [];
    const frames: FrameToSend[] = [];
    let bytes = 0;
    for (const [seq, json] of this.#bodies.newestFirst()) {
      if (this.#waiting.get(seq)?.stored !== true || seq >= (this.#heldFromSeq ?? Infinity)) continue;
      bytes += utf8Bytes(json) + numberBytes;
      if (bytes > maxBytes) break;
      frames.unshift(this.#toSend(seq, json));
    }
    return frames;
  }

  /**
   * The server's first word in this connection: it has, or knows to be lost, everything up to `upToSeq`, and nothing above
   * `highestSeq`; live frames may have arrived ahead of a backlog. Where its numbers reach into those that this page gave out
   * but never sent (the stored outbox was deleted, or there was none), these are numbered anew.
   */
  async agree(upToSeq: number, highestSeq = upToSeq): Promise<void> {
    const takenSeq = Math.max(upToSeq, highestSeq);
    if (!this.#agreed && takenSeq >= this.#firstOwnSeq) {
      await this.#renumber(takenSeq + 1 - this.#firstOwnSeq);
      this.#leaveBehind([upToSeq + 1, takenSeq]);
    }
    // The server has forgotten what it had acknowledged.
    if (upToSeq < (this.#ackedSeq ?? -1)) this.#leaveBehind([upToSeq + 1, this.#ackedSeq ?? -1]);
    this.#agreed = true;
    this.acknowledge(upToSeq, []);
  }

  /** Nobody will come with these any more, but for those that wait here. The server knows which of them it has all the same. */
  #leaveBehind(seqs: SeqRange): void {
    const known = [...rangesOf(this.#waiting.keys()), ...this.#losses.ranges.map((lost) => lost.seqs)];
    this.#losses.state('left_behind', rangesBetween(seqs, known));
  }

  async #renumber(distance: number): Promise<void> {
    await this.flush();
    const onDisk = await this.#writer.store.read(this.#firstOwnSeq, Infinity);
    const bodies = new Map(onDisk.map(({ seq, json }) => [seq, json]));
    const own = [...this.#waiting.values()].filter(({ seq }) => seq >= this.#firstOwnSeq);
    for (const { seq } of own) bodies.set(seq, this.#bodies.get(seq) ?? bodies.get(seq) ?? '{}');
    for (const { seq } of own) this.#forget(seq);
    this.#writer.remove(own.map(({ seq }) => seq));
    for (const entry of own) {
      const seq = entry.seq + distance;
      const json = bodies.get(entry.seq) ?? '{}';
      this.#writer.put({ seq, timestampMs: entry.timestampMs, json });
      this.#waiting.set(seq, { ...entry, seq, stored: false });
      this.#bytes += entry.bytes;
      this.#bodies.set(seq, json);
    }
    this.#nextSeq += distance;
    this.#losses.renumber(this.#firstOwnSeq, distance);
    await this.flush();
  }

  /** Moves the times of frames that were never sent, from this number to the last. Where they cannot be read they stay as they are. */
  async retime(fromSeq: number, byMs: number): Promise<void> {
    const toSeq = this.#nextSeq - 1;
    const bodies = new Map<number, string>();
    if (!(await this.#readInto(bodies, fromSeq, toSeq))) return;
    for (const entry of this.#waiting.values()) {
      const { seq } = entry;
      const json = this.#bodies.get(seq) ?? bodies.get(seq);
      if (seq < fromSeq || seq > toSeq || entry.sent || json === undefined) continue;
      const moved = shiftTimestamps(json, byMs);
      const bytes = utf8Bytes(moved);
      this.#bytes += bytes - entry.bytes;
      Object.assign(entry, { bytes, timestampMs: entry.timestampMs + byMs, stored: false });
      this.#writer.remove([seq]);
      this.#writer.put({ seq, timestampMs: entry.timestampMs, json: moved });
      this.#bodies.set(seq, moved);
    }
    if (toSeq === this.#nextSeq - 1) this.#lastTimestampMs += byMs;
    await this.flush();
  }

  /** The server has stored these. Only now are they forgotten. */
  acknowledge(upToSeq: number, ranges: readonly SeqRange[]): void {
    for (const seq of this.#waiting.keys()) {
      if (seq > upToSeq) break;
      this.#settle(seq);
    }
    for (const [from, to] of ranges) {
      // A range names frames of ours, so it is no longer than what waits; a longer one must not cost more.
      if (to - from > this.#limits.maxFrames) continue;
      for (let seq = from; seq <= to; seq += 1) this.#settle(seq);
    }
    this.#ackedSeq = Math.max(upToSeq, this.#ackedSeq ?? upToSeq);
    this.#losses.settle(upToSeq);
  }

  /** Stores what is not stored yet and lets the storage go. */
  async close(): Promise<void> {
    await this.flush();
    this.#writer.store.close();
  }

  /** The server will never take this one. */
  reject(seq: number): void {
    this.#lose('rejected', this.#waiting.has(seq) ? [seq] : []);
  }

  /** The session is over, and the server takes nothing more: neither frames nor word of losses. */
  giveUp(): void {
    this.#lose('session_over', [...this.#waiting.keys()]);
    this.#losses.settle(Infinity);
  }

  #settle(seq: number): void {
    if (!this.#waiting.has(seq)) return;
    this.#forget(seq);
    this.#writer.remove([seq]);
    this.#acknowledged += 1;
  }

  #forget(seq: number): void {
    const waiting = this.#waiting.get(seq);
    if (waiting === undefined) return;
    this.#waiting.delete(seq);
    this.#bytes -= waiting.bytes;
    this.#bodies.delete(seq);
  }

  #lose(reason: LossReason, seqs: readonly number[]): void {
    if (seqs.length === 0) return;
    for (const seq of seqs) this.#forget(seq);
    this.#writer.remove(seqs);
    this.#losses.add(reason, rangesOf(seqs));
  }

  #thin(): void {
    const entries = [...this.#waiting.values()].map(({ seq, bytes, timestampMs, sent }) => {
      if (sent) return { seq, bytes, tier: 2 as const };
      return { seq, bytes, tier: this.#guarded.covers(timestampMs) ? (1 as const) : (0 as const) };
    });
    const goal = {
      maxFrames: Math.floor(this.#limits.maxFrames * thinnedShare),
      maxBytes: Math.floor(this.#limits.maxBytes * thinnedShare),
    };
    this.#lose('outbox_full', framesToThin(entries, goal));
  }
}
