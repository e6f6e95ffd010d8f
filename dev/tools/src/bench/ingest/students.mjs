import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { batchText, framesPerBatch } from './batch-text.mjs';

/** Batches of one student whose way is timed at the same time; above it the oldest are not timed. */
const timedBatches = 64;
const openWithinMs = 30_000;

const isAck = (text) => text.startsWith('{"type":"ack"');
const upTo = /"up_to_seq":(-?\d+)/;

/** One connection of the session channel, and when it sent what. */
export class Student {
  #socket = null;
  #seq = 0;
  #acked = 0;
  #beganMs = Date.now() - 3_600_000;
  #sentAtMs = new Float64Array(timedBatches);
  #onAck = () => undefined;

  /** @param isCompressed whether it offers compression, as browsers do */
  constructor(sessionId, url, isCompressed) {
    this.sessionId = sessionId;
    this.url = url;
    this.isCompressed = isCompressed;
  }

  get sentFrames() {
    return this.#seq;
  }

  get ackedFrames() {
    return this.#acked;
  }

  /** Resolves when the server has welcomed it, or at once when it is open and says nothing of itself. */
  connect(isGreeted) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.url, { perMessageDeflate: this.isCompressed, handshakeTimeout: openWithinMs });
      this.#socket = socket;
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`a student’s connection was closed (${code})`)));
      socket.on('open', () =>
        isGreeted ? socket.send(JSON.stringify({ type: 'hello', client_time_ms: Date.now() })) : resolve(),
      );
      socket.on('message', (data) => {
        const text = /** @type {Buffer} */ (data).toString();
        if (isAck(text)) return this.#acknowledged(Number(upTo.exec(text)[1]));
        if (text.startsWith('{"type":"welcome"')) resolve();
      });
    });
  }

  /** @param onAck called with the milliseconds that each acknowledgement took. */
  onAck(onAck) {
    this.#onAck = onAck;
  }

  send() {
    this.#sentAtMs[this.#slot(this.#seq)] = performance.now();
    this.#socket.send(batchText(this.#seq, this.#beganMs));
    this.#seq += framesPerBatch;
  }

  /** When the batch that ends with frame `seq` was sent; NaN when that is too long ago. */
  sentAtMs(seq) {
    const isKept = this.#seq - seq <= timedBatches * framesPerBatch;
    return isKept ? this.#sentAtMs[this.#slot(seq)] : Number.NaN;
  }

  leave() {
    return new Promise((resolve) => {
      this.#socket.removeAllListeners('close');
      this.#socket.once('close', resolve);
      this.#socket.close();
    });
  }

  #slot(seq) {
    return Math.floor(seq / framesPerBatch) % timedBatches;
  }

  #acknowledged(upToSeq) {
    if (upToSeq + 1 <= this.#acked) return;
    this.#acked = upToSeq + 1;
    this.#onAck(performance.now() - this.sentAtMs(upToSeq));
  }
}
