import type { ServerSessionMessage } from '@invigil/protocol/channels';
import type { Outbox } from '../outbox/outbox.ts';
import type { Timers } from '../timing/timers.ts';
import { BatchChain } from './batch-chain.ts';
import { batchMessage } from './batch-message.ts';
import { LossReports } from './loss-reports.ts';
import { SendPause } from './send-pause.ts';
import type { Digest } from './sha256.ts';
import type { Transport } from './transport.ts';

export interface SenderOptions {
  /** Limits of one batch. */
  batchFrames: number;
  batchBytes: number;
  /** Minimum time between two batches of the backlog, so that reconnecting causes no burst. */
  backlogGapMs: number;
  /** A batch that is not acknowledged within this time means that the connection is dead. */
  ackTimeoutMs: number;
  /** A batch that is not acknowledged within this time is held back, whatever else gets through. */
  heldBackAfterMs: number;
}

export const defaultSenderOptions: SenderOptions = {
  batchFrames: 100,
  batchBytes: 64_000,
  backlogGapMs: 100,
  ackTimeoutMs: 15_000,
  heldBackAfterMs: 5000,
};

/** A batch that was sent. */
interface Flight {
  seqs: readonly number[];
  sentAtMs: number;
}

type Lane = 'backlog' | 'live';
type Lanes = 'all' | 'backlog';

/**
 * Sends the outbox over one connection. At most two batches are in flight: one of the backlog, oldest first, and one of
 * the frames being recorded now, so that proctors see current frames while the backlog arrives.
 */
export class Sender {
  readonly pause: SendPause;
  readonly #outbox: Outbox;
  readonly #timers: Timers;
  readonly #options: SenderOptions;
  readonly #chain: BatchChain;
  readonly #losses = new LossReports();
  #transport: Pick<Transport, 'send'> | null = null;
  readonly #flights: Record<Lane, Flight | null> = { backlog: null, live: null };
  /** Frames from here on are live. */
  #liveFromSeq = 0;
  /** On the steady clock. */
  #lastBacklogMs = -Infinity;
  #cancelNextBacklog: (() => void) | null = null;
  #pumping = false;
  #pumpAgain: Lanes | null = null;
  #isHurried = false;
  /** Limit of this connection. */
  #maxBatchBytes = Infinity;

  constructor(outbox: Outbox, timers: Timers, digest: Digest, options: SenderOptions = defaultSenderOptions) {
    this.#outbox = outbox;
    this.#chain = new BatchChain(digest);
    this.#timers = timers;
    this.#options = options;
    this.pause = new SendPause(timers);
  }

  /** The server's last chain head. */
  get chainHead(): string | null {
    return this.#chain.head;
  }

  /** No frame is pending and the server has confirmed every loss. */
  get isDone(): boolean {
    return this.#outbox.waitingFrames === 0 && this.#outbox.lostRanges.length === 0;
  }

  /** The connection is ready, and the outbox has been reconciled with the server. */
  begin(transport: Pick<Transport, 'send'>, chainHead: string | null, maxBatchBytes = Infinity): void {
    this.#maxBatchBytes = maxBatchBytes;
    this.#transport = transport;
    this.#chain.begin(chainHead);
    // With storage in memory, frames must arrive in order: after a reload, only the server's highest number is known.
    this.#liveFromSeq = this.#outbox.storage === 'memory' ? Infinity : this.#outbox.nextSeq;
    this.#losses.reset();
    this.pause.end();
    this.#isHurried = false;
  }

  /** The connection was lost; frames in flight are pending again. */
  end(): void {
    this.#transport = null;
    this.#cancelNextBacklog?.();
    this.#cancelNextBacklog = null;
    this.#flights.backlog = null;
    this.#flights.live = null;
  }

  /** @returns whether an acknowledgement is overdue. */
  isStalled(): boolean {
    const now = this.#timers.steadyMs();
    return Object.values(this.#flights).some(
      (flight) => flight !== null && now - flight.sentAtMs > this.#options.ackTimeoutMs,
    );
  }

  /** Whether a batch has waited long for its acknowledgement. Some proxies let small messages through and hold larger ones. */
  get isHeldBack(): boolean {
    const now = this.#timers.steadyMs();
    return Object.values(this.#flights).some(
      (flight) =>
        flight !== null && now - flight.sentAtMs > this.#options.heldBackAfterMs && this.#isUnanswered(flight),
    );
  }

  /**
   * The server refused the last batch and asked for a pause. Afterwards it is sent again; storing twice changes
   * nothing.
   */
  pauseFor(durationMs: number): void {
    this.pause.begin(durationMs);
    this.#flights.backlog = null;
    this.#flights.live = null;
    this.#chain.interrupted();
    this.#losses.reset();
  }

  acknowledged({ up_to_seq, seqs, chain }: Extract<ServerSessionMessage, { type: 'ack' }>): void {
    this.#outbox.acknowledge(up_to_seq, seqs);
    this.#chain.acknowledged(chain, !Object.values(this.#flights).some((flight) => this.#isUnanswered(flight)));
    void this.pump(this.#isHurried ? 'all' : 'backlog');
  }

  /** Sends new frames now instead of with the next batch; only a batch in flight delays them. */
  async hurry(): Promise<void> {
    this.#isHurried = true;
    await this.pump('all');
  }

  /** Stores new frames and sends as many as fit. Called periodically, and after each acknowledgement. */
  async pump(lanes: Lanes): Promise<void> {
    if (this.#pumping) {
      this.#pumpAgain = lanes === 'all' ? 'all' : (this.#pumpAgain ?? lanes);
      return;
    }
    this.#pumping = true;
    try {
      if (lanes === 'all') await this.#outbox.flush();
      if (lanes === 'all') await this.#sendBatch('live', this.#liveFromSeq, Infinity);
      const waitMs = this.#lastBacklogMs + this.#options.backlogGapMs - this.#timers.steadyMs();
      if (waitMs <= 0) await this.#sendBatch('backlog', 0, this.#liveFromSeq - 1);
      else this.#pumpBacklogAfter(waitMs);
      if (this.#outbox.waitingFrames === 0) this.#reportLosses(0, Infinity);
    } finally {
      this.#pumping = false;
    }
    const again = this.#pumpAgain;
    this.#pumpAgain = null;
    if (again !== null) await this.pump(again);
  }

  #pumpBacklogAfter(waitMs: number): void {
    this.#cancelNextBacklog ??= this.#timers.after(waitMs, () => {
      this.#cancelNextBacklog = null;
      void this.pump('backlog');
    });
  }

  #isUnanswered(flight: Flight | null): boolean {
    return flight?.seqs.some((seq) => this.#outbox.isWaiting(seq)) ?? false;
  }

  async #sendBatch(lane: Lane, fromSeq: number, toSeq: number): Promise<void> {
    const transport = this.#transport;
    const canSend = (): boolean => transport !== null && transport === this.#transport && this.pause.leftMs === 0;
    if (transport === null || !canSend() || this.#isUnanswered(this.#flights[lane])) return;
    this.#flights[lane] = null;
    const { batchFrames, batchBytes } = this.#options;
    const seqs = this.#outbox.sendable(
      { fromSeq, toSeq },
      { frames: batchFrames, bytes: Math.min(batchBytes, this.#maxBatchBytes) },
    );
    if (seqs.length === 0) return;
    const frames = await this.#outbox.read(seqs);
    // The connection may have been lost, or the server may have asked for a pause, during the read.
    if (!canSend() || frames.length === 0) return;
    const head = await this.#chain.extend(frames);
    if (!canSend()) return;
    this.#reportLosses(fromSeq, frames.at(-1)?.seq ?? -1);
    transport.send(batchMessage(frames, head));
    const sentAtMs = this.#timers.steadyMs();
    this.#flights[lane] = { seqs: frames.map(({ seq }) => seq), sentAtMs };
    if (lane === 'backlog') this.#lastBacklogMs = sentAtMs;
    else this.#isHurried = false;
  }

  /** Losses go out just before the frames around them and no earlier, so that the server never has to track many gaps. */
  #reportLosses(fromSeq: number, toSeq: number): void {
    if (this.#transport === null || this.pause.leftMs > 0) return;
    for (const message of this.#losses.take(this.#outbox.lostRanges, fromSeq, toSeq)) this.#transport.send(message);
  }
}
