import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { batchText, framesPerBatch } from './batch-text.ts';

/** Number of batches per student that are timed at once; older ones are not timed. */
const timedBatches = 64;
const openWithinMs = 30_000;
const maxFrameEveryMs = 200;

const isAck = (text: string): boolean => text.startsWith('{"type":"ack"');
const upTo = /"up_to_seq":(-?\d+)/;

/** One connection of the session channel, and the times of its batches. */
export class Student {
  #socket: WebSocket | null = null;
  #transport: Socket | null = null;
  #seq = 0;
  #acked = 0;
  /** Timestamp of the latest frame, Unix epoch. */
  #madeMs = Date.now();
  #sentAtMs = new Float64Array(timedBatches);
  #onAck: (ms: number) => void = () => undefined;
  #onClosed: (error: Error) => void = () => undefined;
  readonly sessionId: string;
  readonly #url: string;
  readonly #isCompressed: boolean;

  /** @param isCompressed whether it offers compression, as browsers do */
  constructor(sessionId: string, url: string, isCompressed: boolean) {
    this.sessionId = sessionId;
    this.#url = url;
    this.#isCompressed = isCompressed;
  }

  get sentFrames(): number {
    return this.#seq;
  }

  get ackedFrames(): number {
    return this.#acked;
  }

  /** On the current connection. */
  get sentBytes(): number {
    return this.#transport?.bytesWritten ?? 0;
  }

  get receivedBytes(): number {
    return this.#transport?.bytesRead ?? 0;
  }

  /** Resolves with the server's welcome. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.#url, {
        perMessageDeflate: this.#isCompressed,
        handshakeTimeout: openWithinMs,
      });
      this.#socket = socket;
      socket.on('upgrade', (response) => (this.#transport = response.socket));
      socket.on('error', reject);
      socket.on('close', (code) => {
        const error = new Error(`a student’s connection was closed (${code})`);
        reject(error);
        this.#onClosed(error);
      });
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', client_time_ms: Date.now() })));
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        if (isAck(text)) return this.#acknowledged(Number(upTo.exec(text)?.[1]));
        if (text.startsWith('{"type":"welcome"')) resolve();
      });
    });
  }

  /** `listener` gets the milliseconds that each acknowledgement took. */
  onAck(listener: (ms: number) => void): void {
    this.#onAck = listener;
  }

  /** `listener` is called when the server closes the connection, but not for `leave`. */
  onClosed(listener: (error: Error) => void): void {
    this.#onClosed = listener;
  }

  send(): void {
    this.#sentAtMs[this.#slot(this.#seq)] = performance.now();
    this.#socket?.send(batchText(this.#seq, this.#nextTimes()));
    this.#seq += framesPerBatch;
  }

  /** When the batch that ends with frame `seq` was sent; NaN for an older one. */
  sentAtMs(seq: number): number {
    const isKept = this.#seq - seq <= timedBatches * framesPerBatch;
    return isKept ? (this.#sentAtMs[this.#slot(seq)] ?? Number.NaN) : Number.NaN;
  }

  leave(): Promise<void> {
    const socket = this.#socket;
    if (socket === null) return Promise.resolve();
    return new Promise((resolve) => {
      socket.removeAllListeners('close');
      socket.once('close', () => resolve());
      socket.close();
    });
  }

  /**
   * Evenly spread from the last batch until now, at most the engine's 200 ms apart, so that the server analyses the frames as live ones
   * at any rate.
   */
  #nextTimes(): number[] {
    const nowMs = Date.now();
    const everyMs = Math.min(maxFrameEveryMs, Math.max(1, Math.floor((nowMs - this.#madeMs) / framesPerBatch)));
    const fromMs = Math.max(this.#madeMs, nowMs - framesPerBatch * everyMs);
    this.#madeMs = fromMs + framesPerBatch * everyMs;
    return Array.from({ length: framesPerBatch }, (_, at) => fromMs + (at + 1) * everyMs);
  }

  #slot(seq: number): number {
    return Math.floor(seq / framesPerBatch) % timedBatches;
  }

  #acknowledged(upToSeq: number): void {
    if (upToSeq + 1 <= this.#acked) return;
    this.#acked = upToSeq + 1;
    this.#onAck(performance.now() - this.sentAtMs(upToSeq));
  }
}
