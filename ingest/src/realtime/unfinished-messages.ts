import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { Counts } from '../network/counts.ts';

export interface UnfinishedLimits {
  seconds: number;
  bytes: number;
  bytesPerAddress: number;
}

interface Unfinished {
  address: string;
  bytes: number;
  /** The part of `bytes` in the sums. */
  counted: number;
  sinceMs: number;
  cut: () => void;
}

/** Header and mask of a client's control frame. */
const controlFrameBytes = 6;
const sweepMs = 5000;

/**
 * Bounds the memory that clients can occupy with messages they never complete. ws itself bounds the size of each message; this bounds its
 * time, and the bytes of all unfinished messages of an address and of the process. Bytes are counted as they arrive on the socket, so a message
 * that is decompressed or waits to be read counts too. The beginning of a message that arrives in one chunk with the end of the one before
 * counts from its next chunk on, because the size of a compressed message on the socket is not known: at most one chunk, 64 kB, per connection.
 */
export class UnfinishedMessages {
  readonly #limits: UnfinishedLimits;
  readonly #now: () => number;
  readonly #bytes = new Counts();
  readonly #open = new Set<Unfinished>();
  readonly #sweep: NodeJS.Timeout;

  constructor(limits: UnfinishedLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.#sweep = setInterval(() => this.cutLate(), sweepMs).unref();
  }

  /** @param cut closes the connection and stops reading from it */
  watch(socket: Duplex, webSocket: WebSocket, address: string, cut: () => void): void {
    const message: Unfinished = { address, bytes: 0, counted: 0, sinceMs: 0, cut };
    const count = (): void => {
      this.#bytes.add(address, message.bytes - message.counted);
      message.counted = message.bytes;
      if (message.bytes === 0) this.#open.delete(message);
      else this.#open.add(message);
    };
    const end = (bytes: number): void => {
      message.bytes = Math.max(0, message.bytes - bytes);
      if (message.counted > message.bytes) count();
    };
    const onData = (chunk: Buffer): void => {
      if (message.bytes === 0) message.sinceMs = this.#now();
      message.bytes += chunk.length;
    };
    // Messages without compression are usually complete by now, and are never counted.
    const onRead = (): void => {
      if (message.bytes === 0) return;
      count();
      const { bytes, bytesPerAddress } = this.#limits;
      if (this.#bytes.total > bytes || this.#bytes.of(address) > bytesPerAddress) cut();
    };
    const onControl = (data: Buffer): void => end(data.length + controlFrameBytes);
    // Before ws reads the chunk, which completes messages in the same call, and after it: complete messages do not count.
    socket.prependListener('data', onData);
    socket.on('data', onRead);
    webSocket.on('message', () => end(message.bytes));
    webSocket.on('ping', onControl).on('pong', onControl);
    socket.on('close', () => end(message.bytes));
  }

  /** Cuts the connections whose message takes too long. */
  cutLate(): void {
    const lateMs = this.#now() - this.#limits.seconds * 1000;
    for (const { sinceMs, cut } of this.#open) if (sinceMs < lateMs) cut();
  }

  /** Bytes of all unfinished messages. */
  get bytes(): number {
    return this.#bytes.total;
  }

  close(): void {
    clearInterval(this.#sweep);
  }
}
