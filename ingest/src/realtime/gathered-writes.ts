import type { Duplex } from 'node:stream';

/** Flush early above this size, so that bytes count as unsent only if the client is slow. */
const maxHeldBytes = 65_536;

/**
 * Writes all messages that a client is sent in one turn of the event loop at once: a system call for each message is most of its cost, and a
 * crowd that arrives makes hundreds of messages for each proctor and each student of its exam.
 */
export class GatheredWrites {
  readonly #socket: Duplex;
  #isHeld = false;

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** Call before each message. */
  hold(): void {
    if (this.#isHeld && this.#socket.writableLength > maxHeldBytes) this.#release();
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#socket.cork();
    setImmediate(() => this.#release());
  }

  #release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#socket.uncork();
  }
}
