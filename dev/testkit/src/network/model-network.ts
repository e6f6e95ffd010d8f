import { createHash } from 'node:crypto';
import { linkText } from '@invigil/protocol/frame';
import { readSessionMessage } from '@invigil/protocol/channels';
import type { FeatureFrame } from '@invigil/protocol/frame';
import type { SeqRange, ServerSessionMessage } from '@invigil/protocol/channels';
import type { OpenTransport, Transport, TransportEvents } from '@invigil/engine/testing/delivery';
import type { ManualTimers } from '../timers/manual-timers.ts';

/** Gaps in the sequence numbers that a server can track, like `maxGaps` of the real one. */
const maxGaps = 256;

/** Like the platform's, but synchronous. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A minimal server: frames stored once by number, losses settled, numbers acknowledged when stored. */
export class ModelServer {
  readonly frames = new Map<number, { timestamp: number }>();
  readonly lost = new Map<number, string>();
  duplicates = 0;
  /** Messages that would have left more gaps than the server can track. */
  refused = 0;
  /** Head of the chain, and how many of its links the client had confirmed. */
  chain = hashOf('nonce');
  links = 0;
  confirmedLinks = 0;
  /** The order in which frames were stored. */
  readonly arrivals: number[] = [];

  #upToSeq = -1;
  readonly #settled = new Set<number>();
  /** Ranges of settled numbers. */
  #runs = 0;

  get upToSeq(): number {
    while (this.#settled.has(this.#upToSeq + 1)) this.#upToSeq += 1;
    return this.#upToSeq;
  }

  /** Settles these numbers. @returns false if that would leave more gaps than the server can track. */
  #settle(ranges: readonly SeqRange[]): boolean {
    const added: number[] = [];
    const runsBefore = this.#runs;
    for (const [from, to] of ranges) {
      for (let seq = from; seq <= to; seq += 1) {
        if (this.#settled.has(seq)) continue;
        this.#runs += 1 - Number(this.#settled.has(seq - 1)) - Number(this.#settled.has(seq + 1));
        this.#settled.add(seq);
        added.push(seq);
      }
    }
    if (this.#runs <= maxGaps) return true;
    for (const seq of added) this.#settled.delete(seq);
    this.#runs = runsBefore;
    this.refused += 1;
    return false;
  }

  /** Has these frames already, from an earlier run of the client. */
  hold(seqs: SeqRange): void {
    this.#settle([seqs]);
    for (let seq = seqs[0]; seq <= seqs[1]; seq += 1) this.frames.set(seq, { timestamp: seq });
  }

  take(text: string): ServerSessionMessage[] {
    const message = readSessionMessage(JSON.parse(text));
    if (message.kind === 'hello') {
      const server_time_ms = 0;
      const highest_seq = Math.max(-1, ...this.#settled);
      return [
        { type: 'welcome', session_id: 's', server_time_ms, up_to_seq: this.upToSeq, highest_seq, chain: this.chain },
      ];
    }
    if (message.kind === 'ping') return [{ type: 'pong', timestamp: '' }];
    const tooMany: ServerSessionMessage = { type: 'error', code: 'INVALID_MESSAGE', message: 'too many gaps' };
    if (message.kind === 'losses') {
      if (!this.#settle((message.losses.ranges ?? []).map(({ seqs }) => seqs))) return [tooMany];
      for (const { reason, seqs } of message.losses.ranges ?? []) {
        for (let seq = seqs[0]; seq <= seqs[1]; seq += 1) if (!this.frames.has(seq)) this.lost.set(seq, reason);
      }
      return [{ type: 'ack', up_to_seq: this.upToSeq, seqs: [], chain: this.chain }];
    }
    if (message.kind !== 'batch') throw new Error(`unexpected ${text.slice(0, 200)}`);
    if (!this.#settle(message.frames.map(({ seq }): SeqRange => [seq, seq]))) return [tooMany];
    const seqs: SeqRange[] = [];
    const brought: FeatureFrame[] = [];
    for (const frame of message.frames) {
      if (this.frames.has(frame.seq)) this.duplicates += 1;
      else if (!this.lost.has(frame.seq)) {
        this.frames.set(frame.seq, { timestamp: frame.timestamp });
        this.arrivals.push(frame.seq);
        brought.push(frame);
      }
      seqs.push([frame.seq, frame.seq]);
    }
    if (brought.length > 0) {
      this.chain = hashOf(linkText(this.chain, brought));
      this.links += 1;
      this.confirmedLinks += Number(message.chain === this.chain);
    }
    return [{ type: 'ack', up_to_seq: this.upToSeq, seqs, chain: this.chain }];
  }
}

/** The server at the other end of a network. */
export interface MessageTaker {
  take(text: string): ServerSessionMessage[] | Promise<ServerSessionMessage[]>;
}

/** The fate of a message in transit. */
export type Fate = 'arrives' | 'answer_lost' | 'lost' | 'twice' | 'slow_down';

/**
 * Connects clients to one server with a delay, as unreliably as `fateOf` decides. A lost message is a lost connection.
 */
export class ModelNetwork {
  isUp = true;
  readonly texts: string[] = [];
  readonly #timers: ManualTimers;
  server: MessageTaker;
  readonly #fateOf: () => Fate;
  readonly #live = new Set<(code: number) => void>();
  /** Sends a message to the client of the newest connection. */
  say: (message: ServerSessionMessage) => void = () => undefined;

  constructor(timers: ManualTimers, server: MessageTaker, fateOf: () => Fate = () => 'arrives') {
    this.#timers = timers;
    this.server = server;
    this.#fateOf = fateOf;
  }

  /** Closes every connection, as the server would with this code. */
  cut(code = 1006): void {
    for (const close of this.#live) close(code);
  }

  readonly open: OpenTransport = (_target, events): Transport => {
    let closed = false;
    const close = (code: number): void => {
      if (closed) return;
      closed = true;
      this.#live.delete(close);
      events.close({ code, reason: '' });
    };
    this.#live.add(close);
    this.say = (message) => events.message(message);
    this.#timers.after(20, () => {
      if (!this.isUp) return close(1006);
      if (!closed) events.open();
    });
    return {
      bufferedBytes: 0,
      close: () => close(1000),
      send: (message) => {
        const text = JSON.stringify(message);
        this.texts.push(text);
        this.#timers.after(10, () => {
          if (!closed) void this.#carry(text, events, close, () => closed);
        });
      },
    };
  };

  async #carry(
    text: string,
    events: TransportEvents,
    close: (code: number) => void,
    isClosed: () => boolean,
  ): Promise<void> {
    const fate = this.isUp ? this.#fateOf() : 'lost';
    if (fate === 'lost') return close(1006);
    const answers: ServerSessionMessage[] =
      fate === 'slow_down'
        ? [{ type: 'slow_down', retry_after_ms: 700, reason: 'test' }]
        : fate === 'twice'
          ? [...(await this.server.take(text)), ...(await this.server.take(text))]
          : await this.server.take(text);
    if (fate === 'answer_lost') return close(1006);
    this.#timers.after(10, () => {
      for (const answer of answers) if (!isClosed()) events.message(answer);
    });
  }
}
