import type { TransportName } from './delivery-state.ts';

/** After this many attempts in which no socket opened, HTTP requests are used. */
const socketFailuresBeforeHttp = 3;
/** How long HTTP is used before a socket is tried again: soon at first, because the server may only have been restarting. */
const firstHttpTermMs = 15_000;
const maxHttpTermMs = 300_000;

/** Chooses between the socket and HTTP requests, for networks that block WebSockets. */
export class TransportChoice {
  #socketFailures = 0;
  #httpTermMs = firstHttpTermMs;

  get name(): TransportName {
    return this.#socketFailures >= socketFailuresBeforeHttp ? 'http' : 'socket';
  }

  get httpTermMs(): number {
    return this.#httpTermMs;
  }

  opened(name: TransportName): void {
    if (name !== 'socket') return;
    this.#socketFailures = 0;
    this.#httpTermMs = firstHttpTermMs;
  }

  failed(name: TransportName): void {
    this.#socketFailures = name === 'http' ? 1 : this.#socketFailures + 1;
  }

  /** The next attempt uses a socket; if that fails, HTTP is used again at once, and for longer. */
  retrySocket(): void {
    this.#httpTermMs = Math.min(maxHttpTermMs, this.#httpTermMs * 2);
    this.#socketFailures = socketFailuresBeforeHttp - 1;
  }
}
