import type { IncomingMessage } from 'node:http';
import { Counts } from '../network/counts.ts';

export interface BodyBytesOptions {
  /** Of all clients together. */
  limit: number;
  /** Of the clients with one key, such as their address. Default: `limit`. */
  limitPerKey?: number;
  /** Called when a connection is cut because a limit is exceeded. */
  onCut: () => void;
}

const noKey = '';

/** Bytes of request bodies that are being read. A user has few requests in work at a time; this bounds all users together. */
export class BodyBytes {
  readonly #options: BodyBytesOptions;
  readonly #counts = new Counts();

  constructor(options: BodyBytesOptions) {
    this.#options = options;
  }

  /**
   * Counts the body while it is read. Cuts the connection that exceeds a limit; its client may try again.
   * @param key of the client; null: only the limit of all clients applies
   * @returns ends the count, once the body was read or given up
   */
  count(request: IncomingMessage, key: string | null = null): () => void {
    let own = 0;
    const onData = (chunk: Buffer): void => {
      own += chunk.length;
      this.#counts.add(key ?? noKey, chunk.length);
      if (!this.#isExceeded(key)) return;
      end();
      this.#options.onCut();
      request.destroy();
    };
    const end = (): void => {
      request.off('data', onData);
      this.#counts.add(key ?? noKey, -own);
      own = 0;
    };
    request.on('data', onData);
    request.once('close', end);
    return end;
  }

  get bytes(): number {
    return this.#counts.total;
  }

  #isExceeded(key: string | null): boolean {
    const { limit, limitPerKey = limit } = this.#options;
    return this.#counts.total > limit || (key !== null && this.#counts.of(key) > limitPerKey);
  }
}
