import type { IncomingMessage } from 'node:http';

/** Bytes of request bodies that are being read, of all clients. A user has few requests in work at a time; this bounds all users together. */
export class BodyBytes {
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Counts the body while it is read. Cuts the connection that exceeds the limit; its client may try again.
   * @returns ends the count, once the body was read or given up
   */
  count(request: IncomingMessage): () => void {
    let own = 0;
    const onData = (chunk: Buffer): void => {
      own += chunk.length;
      this.#bytes += chunk.length;
      if (this.#bytes > this.#limit) request.destroy();
    };
    const end = (): void => {
      request.off('data', onData);
      this.#bytes -= own;
      own = 0;
    };
    request.on('data', onData);
    request.once('close', end);
    return end;
  }

  get bytes(): number {
    return this.#bytes;
  }
}
