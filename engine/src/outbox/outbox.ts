import type { LossReason, SeqRange } from '@invigil/protocol/channels';
import type { ClientFrame } from './client-frame.ts';
import { KeptFrames } from './kept-frames.ts';
import { LossLedger } from './loss-ledger.ts';
import type { LostRange, OutboxHead, OutboxStore } from './outbox-store.ts';
import { ProtectedRanges } from './protected-ranges.ts';
import { renumberFrames, shiftFrames } from './renumbering.ts';
import { rangesBetween, rangesOf } from './seq-ranges.ts';
import { framesToThin } from './thinning.ts';

export interface OutboxLimits {
  maxFrames: number;
  maxBytes: number;
  /** Stored frames that are also kept in memory: enough for a last message while the page is closed. */
  maxCachedBytes: number;
}

/** A full outbox is thinned to this share, so that thinning is rare. */
const thinnedShare = 7 / 8;

/**
 * Frames from their numbering until the server has acknowledged them. A frame may be sent only once it is stored, so that its
 * number is never used twice. Bounded in frames and bytes; every frame that is given up is counted with its reason.
 */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #kept: KeptFrames;
  readonly #protected: ProtectedRanges;
  readonly #losses: LossLedger;
  #nextSeq: number;
  /** The first number used by this page load. None of its frames is sent before the server has reported what it holds. */
  readonly #firstOwnSeq: number;
  #agreed = false;
  #lastTimestampMs: number;
  #acknowledged = 0;
  #ackedSeq: number | null = null;
  /** Frames from this number on are held back; null if none are. */
  #heldFromSeq: number | null = null;

  private constructor(
    store: OutboxStore,
    limits: OutboxLimits,
    { head, lostRanges, entries }: Awaited<ReturnType<OutboxStore['load']>>,
    onSpill: (cause: unknown) => void,
  ) {
    this.#limits = limits;
    this.#losses = new LossLedger(head?.lost, lostRanges);
    this.#lastTimestampMs = head?.lastTimestampMs ?? 0;
    this.#nextSeq = Math.max(head?.nextSeq ?? 0, (entries.at(-1)?.seq ?? -1) + 1);
    this.#firstOwnSeq = this.#nextSeq;
    this.#protected = new ProtectedRanges(head?.guarded ?? [], this.#lastTimestampMs);
    this.#kept = new KeptFrames(store, entries, {
      losses: this.#losses,
      head: () => this.#head(),
      maxCachedBytes: limits.maxCachedBytes,
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
    return this.#kept.storage;
  }
  get waitingFrames(): number {
    return this.#kept.pending.size;
  }
  get waitingBytes(): number {
    return this.#kept.pending.bytes;
  }
  /** The number of the next frame. */
  get nextSeq(): number {
    return this.#nextSeq;
  }
  get lastTimestampMs(): number {
    return this.#lastTimestampMs;
  }
  get ackedSeq(): number | null {
    return this.#ackedSeq;
  }
  /** Frames that the server has acknowledged since the page was loaded. */
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
    return this.#kept.pending.has(seq);
  }

  /** Takes in the frame numbered `nextSeq`; `flush` stores it. */
  append(frame: ClientFrame): void {
    if (frame.seq !== this.#nextSeq) throw new RangeError(`frame ${frame.seq} is not the next one, ${this.#nextSeq}`);
    this.#nextSeq += 1;
    this.#lastTimestampMs = frame.timestamp;
    this.#kept.put(frame);
    if (this.waitingFrames > this.#limits.maxFrames || this.waitingBytes > this.#limits.maxBytes) this.#thin();
  }

  /** Protects the frames around an observation from thinning. `toMs` is null while the observation continues. */
  protect(id: string, fromMs: number, toMs: number | null): void {
    this.#protected.set(id, fromMs, toMs);
  }

  /** Holds back all frames from this number on, until it is called with null. */
  holdFrom(seq: number | null): void {
    this.#heldFromSeq = seq;
  }

  /** Stores new frames. Never rejects: what could not be stored is tried again with the next flush. */
  flush(): Promise<void> {
    return this.#kept.flush();
  }

  /** Numbers of frames that can be sent now, oldest first, within these limits (but at least one frame). */
  sendable(range: { fromSeq: number; toSeq: number }, most: { frames: number; bytes: number }): number[] {
    const toSeq = Math.min(range.toSeq, (this.#heldFromSeq ?? Infinity) - 1);
    return this.#kept.pending.sendable({
      fromSeq: range.fromSeq,
      toSeq,
      maxFrames: most.frames,
      maxBytes: most.bytes,
    });
  }

  /**
   * Reads frames in order to send them. Frames that storage no longer holds count as lost and are left out. Never
   * rejects: while the disk cannot be read, its frames are left out and stay pending, until it has failed too often.
   */
  async read(seqs: readonly number[]): Promise<ClientFrame[]> {
    const { frames, lost } = await this.#kept.read(seqs);
    for (const { seq } of frames) this.#kept.pending.markSent(seq);
    this.#lose('storage_failed', lost);
    return frames;
  }

  /** The newest stored frames that are in memory, in order to send them in a message that cannot wait for the disk. */
  cached(maxBytes: number): ClientFrame[] {
    if (!this.#agreed) return [];
    const frames = this.#kept.cached(maxBytes, (seq) => seq < (this.#heldFromSeq ?? Infinity));
    for (const { seq } of frames) this.#kept.pending.markSent(seq);
    return frames;
  }

  /**
   * Reconciles with the server's welcome: every frame up to `upToSeq` is stored there or known to be lost, and it holds nothing
   * above `highestSeq` (live frames may have arrived ahead of a backlog). If its numbers overlap with those that this page load
   * has used but never sent (the outbox was deleted, or never existed), those frames get new numbers.
   */
  async agree(upToSeq: number, highestSeq = upToSeq): Promise<void> {
    const takenSeq = Math.max(upToSeq, highestSeq);
    if (!this.#agreed && takenSeq >= this.#firstOwnSeq) {
      await this.#renumber(takenSeq + 1 - this.#firstOwnSeq);
      this.#leaveBehind([upToSeq + 1, takenSeq]);
    }
    // The server has lost frames that it had acknowledged.
    if (upToSeq < (this.#ackedSeq ?? -1)) this.#leaveBehind([upToSeq + 1, this.#ackedSeq ?? -1]);
    this.#agreed = true;
    this.acknowledge(upToSeq, []);
  }

  /** Moves the times of frames that were never sent, from this number to the last. */
  async shiftTimestamps(fromSeq: number, byMs: number): Promise<void> {
    const toSeq = this.#nextSeq - 1;
    if (!(await shiftFrames(this.#kept, fromSeq, toSeq, byMs))) return;
    if (toSeq === this.#nextSeq - 1) this.#lastTimestampMs += byMs;
    await this.flush();
  }

  /** The server has stored these frames. Only now does the outbox drop them. */
  acknowledge(upToSeq: number, ranges: readonly SeqRange[]): void {
    const acked = this.#kept.pending.upTo(upToSeq);
    for (const [from, to] of ranges) {
      // A valid range is no longer than the outbox; a longer one must not cost more.
      if (to - from > this.#limits.maxFrames) continue;
      for (let seq = Math.max(from, upToSeq + 1); seq <= to; seq += 1) if (this.isWaiting(seq)) acked.push(seq);
    }
    const distinct = [...new Set(acked)];
    this.#kept.remove(distinct);
    this.#acknowledged += distinct.length;
    this.#ackedSeq = Math.max(upToSeq, this.#ackedSeq ?? upToSeq);
    this.#losses.settle(upToSeq);
  }

  /** The server will never accept this frame. */
  reject(seq: number): void {
    this.#lose('rejected', this.isWaiting(seq) ? [seq] : []);
  }

  /** The session is over: the server accepts neither frames nor loss reports any more. */
  giveUp(): void {
    this.#lose('session_over', this.#kept.pending.seqs());
    this.#losses.settle(Infinity);
  }

  async close(): Promise<void> {
    await this.flush();
    this.#kept.close();
  }

  #head(): OutboxHead {
    return {
      nextSeq: this.#nextSeq,
      lastTimestampMs: this.#lastTimestampMs,
      guarded: this.#protected.all,
      lost: this.#losses.counts,
    };
  }

  /** No other client will send these. Report all except those still queued here; the server knows which of them it has. */
  #leaveBehind(seqs: SeqRange): void {
    const known = [...rangesOf(this.#kept.pending.seqs()), ...this.#losses.ranges.map((lost) => lost.seqs)];
    this.#losses.state('left_behind', rangesBetween(seqs, known));
  }

  async #renumber(distance: number): Promise<void> {
    const missing = await renumberFrames(this.#kept, this.#firstOwnSeq, distance);
    this.#nextSeq += distance;
    this.#losses.renumber(this.#firstOwnSeq, distance);
    this.#losses.add('storage_failed', rangesOf(missing));
    await this.flush();
  }

  #lose(reason: LossReason, seqs: readonly number[]): void {
    if (seqs.length === 0) return;
    this.#kept.remove(seqs);
    this.#losses.add(reason, rangesOf(seqs));
  }

  #thin(): void {
    const entries = this.#kept.pending.all().map(({ seq, bytes, timestampMs, sent }) => {
      if (sent) return { seq, bytes, tier: 2 as const };
      return { seq, bytes, tier: this.#protected.covers(timestampMs) ? (1 as const) : (0 as const) };
    });
    const goal = {
      maxFrames: Math.floor(this.#limits.maxFrames * thinnedShare),
      maxBytes: Math.floor(this.#limits.maxBytes * thinnedShare),
    };
    this.#lose('outbox_full', framesToThin(entries, goal));
  }
}
