import type { Timers } from '../timing/timers.ts';
import type { TransportName } from './delivery-state.ts';

/** The server sends a heartbeat every 10 s and answers pings; after this long without a message the connection is dead. */
const silenceLimitMs = 60_000;

/** When the server last sent a message. */
export class Liveness {
  readonly #timers: Pick<Timers, 'steadyMs'>;
  #lastMessageMs = 0;

  constructor(timers: Pick<Timers, 'steadyMs'>) {
    this.#timers = timers;
  }

  received(): void {
    this.#lastMessageMs = this.#timers.steadyMs();
  }

  /** @param sinceMs on the steady clock. */
  hasReceivedSince(sinceMs: number): boolean {
    return this.#lastMessageMs > sinceMs;
  }

  /** Over HTTP the server only answers requests, so silence is normal. */
  isSilent(transport: TransportName): boolean {
    return transport === 'socket' && this.#timers.steadyMs() - this.#lastMessageMs > silenceLimitMs;
  }
}
