import type { ClientMessage, OpenTransport, Transport, TransportEvents, TransportTarget } from './transport.ts';

/** The transport of the current attempt. Events of earlier attempts are ignored. */
export class Link {
  #transport: Transport | null = null;
  #attempts = 0;

  get transport(): Transport | null {
    return this.#transport;
  }

  /** Begins an attempt. @returns whether it is still the current one. */
  beginAttempt(): () => boolean {
    this.#attempts += 1;
    return this.isCurrent();
  }

  /** @returns a function that returns whether this attempt is still the current one. */
  isCurrent(): () => boolean {
    const attempt = this.#attempts;
    return () => attempt === this.#attempts;
  }

  connect(open: OpenTransport, target: TransportTarget, events: TransportEvents): void {
    const isCurrent = this.isCurrent();
    this.#transport = open(target, {
      open: () => isCurrent() && events.open(),
      message: (message) => isCurrent() && events.message(message),
      close: (close) => isCurrent() && events.close(close),
    });
  }

  send(message: ClientMessage): void {
    this.#transport?.send(message);
  }

  drop(): void {
    this.#attempts += 1;
    const transport = this.#transport;
    this.#transport = null;
    transport?.close();
  }
}
