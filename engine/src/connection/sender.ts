import type { ServerSessionMessage } from '@invigil/protocol/channels';
import type { FrameToSend, Outbox } from '../outbox/outbox.ts';
import type { Timers } from '../timing/timers.ts';
import { BatchChain } from './batch-chain.ts';
import type { Digest } from './sha256.ts';

export interface SenderOptions {
  /** Most frames and bytes of one batch. */
  batchFrames: number;
  batchBytes: number;
  /** At least so long between two batches of the backlog, so that a return after an outage is no burst. */
  backlogGapMs: number;
  /** A batch without an answer for so long means that the connection is dead. */
  ackTimeoutMs: number;
}

export const senderOptions: SenderOptions = {
  batchFrames: 100,
  batchBytes: 64_000,
  backlogGapMs: 100,
  ackTimeoutMs: 15_000,
};

/** Ranges stated in one message; as many as the protocol allows frames in a batch. */
const rangesPerMessage = 500;
/** A server that asks for a longer pause gets asked again after this. */
const maxPauseMs = 60_000;

/** The message that carries them. @param head of the chain after them; null goes without saying. */
export const batchText = (frames: readonly FrameToSend[], head: string | null): string => {
  const chain = head === null ? '' : `,"chain":"${head}"`;
  return `{"type":"batch","frames":[${frames.map(({ json }) => json).join(',')}]${chain}}`;
};

/** A batch on its way. */
interface Flight {
  seqs: readonly number[];
  sentAtMs: number;
}

type Lane = 'backlog' | 'live';
type Lanes = 'all' | 'backlog';

/**
 * Sends what waits in the outbox over one connection. Two batches at most are on their way: one of the backlog, oldest first,
 * and one of what is being recorded now, so that proctors see the present while the past arrives.
 */
export class Sender {
  readonly #outbox: Outbox;
  readonly #timers: Timers;
  readonly #options: SenderOptions;
  readonly #chain: BatchChain;
  #send: ((text: string) => void) | null = null;
  readonly #flights: Record<Lane, Flight | null> = { backlog: null, live: null };
  /** Frames from here on are live. */
  #liveFromSeq = 0;
  /** Losses that this connection was told of, as `from-to`: a range that grew since is told again. */
  readonly #stated = new Set<string>();
  /** These two on the steady clock: the device's own may be set. */
  #pausedUntilMs = -Infinity;
  #lastBacklogMs = -Infinity;
  #nextBacklog: (() => void) | null = null;
  #pumping = false;
  #pumpAgain: Lanes | null = null;
  #isHurried = false;

  constructor(outbox: Outbox, timers: Timers, digest: Digest, options: SenderOptions = senderOptions) {
    this.#outbox = outbox;
    this.#chain = new BatchChain(digest);
    this.#timers = timers;
    this.#options = options;
  }

  /** How long frames do not flow yet. */
  get pauseLeftMs(): number {
    return Math.max(0, this.#pausedUntilMs - this.#timers.steadyMs());
  }

  /** Unix epoch; null when frames flow. */
  get pausedUntilMs(): number | null {
    return this.pauseLeftMs > 0 ? this.#timers.nowMs() + this.pauseLeftMs : null;
  }

  /** Head of the server's chain, as it last said. */
  get chainHead(): string | null {
    return this.#chain.head;
  }

  /** Nothing waits, and the server knows of every loss. */
  get isDone(): boolean {
    return this.#outbox.waitingFrames === 0 && this.#outbox.lostRanges.length === 0;
  }

  /** The connection is ready, and the outbox agreed with the server on what is stored. */
  begin(send: (text: string) => void, chainHead: string | null): void {
    this.#send = send;
    this.#chain.begin(chainHead);
    // In memory alone, numbers must reach the server in order: after a reload its highest is all that is known.
    this.#liveFromSeq = this.#outbox.storage === 'memory' ? Infinity : this.#outbox.nextSeq;
    this.#stated.clear();
    this.#pausedUntilMs = -Infinity;
    this.#isHurried = false;
  }

  /** The connection is gone; what was on its way waits again. */
  end(): void {
    this.#send = null;
    this.#nextBacklog?.();
    this.#nextBacklog = null;
    this.#flights.backlog = null;
    this.#flights.live = null;
  }

  /** @returns whether an answer is overdue. */
  isStalled(): boolean {
    const now = this.#timers.steadyMs();
    return Object.values(this.#flights).some(
      (flight) => flight !== null && now - flight.sentAtMs > this.#options.ackTimeoutMs,
    );
  }

  pause(durationMs: number): void {
    this.#pausedUntilMs = this.#timers.steadyMs() + Math.min(maxPauseMs, Math.max(0, durationMs));
    // What the server did not take is sent again afterwards; what it did take is acknowledged or recognised then.
    this.#flights.backlog = null;
    this.#flights.live = null;
    this.#chain.interrupted();
    this.#stated.clear();
  }

  acknowledged({ up_to_seq, seqs, chain }: Extract<ServerSessionMessage, { type: 'ack' }>): void {
    this.#outbox.acknowledge(up_to_seq, seqs);
    this.#chain.acknowledged(chain, !Object.values(this.#flights).some((flight) => this.#isUnanswered(flight)));
    void this.pump(this.#isHurried ? 'all' : 'backlog');
  }

  /** Somebody should see what was just recorded: it does not wait for its turn, only for the batch that is on its way. */
  async hurry(): Promise<void> {
    this.#isHurried = true;
    await this.pump('all');
  }

  /** Stores what was recorded and sends what there is room for. Called at a steady pace, and when room was made. */
  async pump(lanes: Lanes): Promise<void> {
    if (this.#pumping) {
      this.#pumpAgain = lanes === 'all' ? 'all' : (this.#pumpAgain ?? lanes);
      return;
    }
    this.#pumping = true;
    try {
      if (lanes === 'all') await this.#outbox.flush();
      if (lanes === 'all') await this.#fly('live', this.#liveFromSeq, Infinity);
      const waitMs = this.#lastBacklogMs + this.#options.backlogGapMs - this.#timers.steadyMs();
      if (waitMs <= 0) await this.#fly('backlog', 0, this.#liveFromSeq - 1);
      else this.#pumpLater(waitMs);
      this.#stateLosses(0, Infinity);
    } finally {
      this.#pumping = false;
    }
    const again = this.#pumpAgain;
    this.#pumpAgain = null;
    if (again !== null) await this.pump(again);
  }

  #pumpLater(waitMs: number): void {
    this.#nextBacklog ??= this.#timers.after(waitMs, () => {
      this.#nextBacklog = null;
      void this.pump('backlog');
    });
  }

  #isUnanswered(flight: Flight | null): boolean {
    return flight?.seqs.some((seq) => this.#outbox.isWaiting(seq)) ?? false;
  }

  async #fly(lane: Lane, fromSeq: number, toSeq: number): Promise<void> {
    const flight = this.#flights[lane];
    if (this.#send === null || this.pausedUntilMs !== null) return;
    if (this.#isUnanswered(flight)) return;
    this.#flights[lane] = null;
    const { batchFrames, batchBytes } = this.#options;
    const seqs = this.#outbox.sendable({ fromSeq, toSeq }, { frames: batchFrames, bytes: batchBytes });
    if (seqs.length === 0) return;
    const send = this.#send;
    const frames = await this.#outbox.read(seqs);
    // While it was read, the connection may have been lost or the server may have asked for a pause.
    if (send !== this.#send || this.pausedUntilMs !== null || frames.length === 0) return;
    const head = await this.#chain.extend(frames);
    if (send !== this.#send || this.pausedUntilMs !== null) return;
    this.#stateLosses(fromSeq, frames.at(-1)?.seq ?? -1);
    send(batchText(frames, head));
    const sentAtMs = this.#timers.steadyMs();
    this.#flights[lane] = { seqs: frames.map(({ seq }) => seq), sentAtMs };
    if (lane === 'backlog') this.#lastBacklogMs = sentAtMs;
    else this.#isHurried = false;
  }

  /**
   * States the losses that begin among these numbers. They go just ahead of the frames around them and no further, so that the
   * server never has to remember many gaps. `Infinity` states the rest once nothing else waits.
   */
  #stateLosses(fromSeq: number, toSeq: number): void {
    if (this.#send === null || this.pausedUntilMs !== null) return;
    if (toSeq === Infinity && this.#outbox.waitingFrames > 0) return;
    const due = this.#outbox.lostRanges
      .filter(({ seqs }) => seqs[0] >= fromSeq && !this.#stated.has(seqs.join('-')) && seqs[0] <= toSeq)
      .toSorted((a, b) => a.seqs[0] - b.seqs[0]);
    for (let index = 0; index < due.length; index += rangesPerMessage) {
      const ranges = due.slice(index, index + rangesPerMessage);
      // Every loss has a number, so the totals follow from the ranges.
      this.#send(JSON.stringify({ type: 'losses', counts: {}, ranges }));
    }
    for (const { seqs } of due) this.#stated.add(seqs.join('-'));
  }
}
