import type { Problem } from '@invigil/protocol/channels';
import { closeCodes } from '@invigil/protocol/channels';
import type { CloseReason } from '@invigil/protocol/channels';
import type { RawData, WebSocket } from 'ws';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import { TokenBucket } from '../rate-limit/token-bucket.ts';

/** What a channel does with a connection's messages. A rejected promise closes the connection. */
export interface ConnectionHandler {
  message(text: string): Promise<void>;
  /** A message over the rate was dropped unread; say so in the channel's own words. At most once a second. */
  tooFast(retryAfterMs: number): void;
  closed(): void;
}

export interface ConnectionOptions {
  channel: string;
  limits: ConnectionLimits;
  metrics: IngestMetrics;
  now: () => number;
  onError(error: unknown): void;
}

const strikesPerSecond = 1;
const closeTimeoutMs = 2000;
/** More than a store may take to answer or to be given up. */
const answerTimeoutMs = 5000;
const checkSilenceEveryMs = 15_000;

/** One WebSocket with its limits: messages one after the other, bounded in rate, in work and in what waits to be sent. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  readonly #messages: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #strikes: TokenBucket;
  readonly #silence: NodeJS.Timeout | undefined;
  #handler: ConnectionHandler | null = null;
  #work: Promise<void> = Promise.resolve();
  #inWork = 0;
  #lastSignMs: number;
  #lastTooFastMs = -Infinity;
  #taking = true;
  #isClosing = false;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    const { limits, now } = options;
    this.#socket = socket;
    this.#options = options;
    this.#lastSignMs = now();
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messageBurst, now());
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.byteBurst, now());
    this.#strikes = new TokenBucket(strikesPerSecond, limits.strikes, now());
    // A channel with a heartbeat of its own sets no limit here.
    this.#silence =
      limits.silenceMs === Infinity
        ? undefined
        : setInterval(() => this.#checkSilence(), Math.min(checkSilenceEveryMs, limits.silenceMs / 2)).unref();
    options.metrics.connections.inc({ channel: options.channel, state: 'open' });
    socket.on('message', (data, isBinary) => this.#received(data, isBinary));
    socket.on('pong', () => (this.#lastSignMs = now()));
    // ws closes the connection itself, with the code for what was wrong; it is counted there.
    socket.on('error', () => undefined);
    socket.on('close', (code) => this.#gone(code));
  }

  handle(handler: ConnectionHandler): void {
    this.#handler = handler;
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Messages that were taken and are not answered yet. */
  get messagesInWork(): number {
    return this.#inWork;
  }

  /** Bytes that were sent here and have not left for the client yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /**
   * Sends, unless the client reads so slowly that keeping it would cost memory: then it is closed and may come back.
   * @param left called when the message has left for the client, or the connection is gone.
   */
  send(message: object, left?: () => void): void {
    if (this.open) this.sendText(JSON.stringify(message), left);
  }

  /** The same for a message that goes to many, and was made a text once. */
  sendText(text: string, left?: () => void): void {
    if (!this.open) return;
    if (this.#socket.bufferedAmount > this.#options.limits.sendBufferBytes) {
      this.close(closeCodes.tryAgainLater);
      return;
    }
    this.#socket.send(text, left);
  }

  /** Pings; resolves with whether a pong came in time. */
  answersPing(withinMs: number): Promise<boolean> {
    if (!this.open) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (answered: boolean): void => {
        clearTimeout(timer);
        this.#socket.off('pong', onPong).off('close', onClose);
        resolve(answered);
      };
      const onPong = (): void => settle(true);
      const onClose = (): void => settle(false);
      const timer = setTimeout(onClose, withinMs).unref();
      this.#socket.on('pong', onPong).on('close', onClose);
      this.#socket.ping();
    });
  }

  sendError(problem: Problem): void {
    this.send({ type: 'error', ...problem });
  }

  /** Counts a refused message; too many of them close the connection. */
  strike(): void {
    if (!this.#strikes.take(1, this.#options.now())) this.close(closeCodes.rateExceeded);
  }

  close({ code, reason }: CloseReason): void {
    this.#taking = false;
    if (!this.open) return;
    const { metrics, channel } = this.#options;
    metrics.connections.dec({ channel, state: 'open' });
    metrics.connections.inc({ channel, state: 'closing' });
    this.#isClosing = true;
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), closeTimeoutMs).unref();
  }

  /** Takes no more messages and resolves when those that were taken are answered. */
  async drain(): Promise<void> {
    this.#taking = false;
    await this.#work;
  }

  /** Takes no more messages, answers those that were taken unless that takes too long, says `farewell` and closes. */
  async retire(reason: CloseReason, farewell?: object): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, answerTimeoutMs).unref();
    });
    await Promise.race([this.drain(), late]);
    clearTimeout(timer);
    if (farewell !== undefined) this.send(farewell);
    this.close(reason);
  }

  #received(data: RawData, isBinary: boolean): void {
    const { metrics, channel, limits, now } = this.#options;
    if (!this.#taking) return;
    const nowMs = now();
    this.#lastSignMs = nowMs;
    metrics.messagesReceived.inc({ channel });
    if (isBinary) return this.close(closeCodes.unsupportedData);
    const bytes = (data as Buffer).length;
    if (!this.#messages.take(1, nowMs) || !this.#bytes.take(bytes, nowMs)) return this.#tooFast(bytes, nowMs);
    this.#inWork += 1;
    if (this.#inWork >= limits.messagesInWork) this.#socket.pause();
    this.#work = this.#work.then(() => this.#handleOne((data as Buffer).toString('utf8')));
  }

  async #handleOne(text: string): Promise<void> {
    const { metrics, channel } = this.#options;
    const took = metrics.messageSeconds.startTimer({ channel });
    try {
      await this.#handler?.message(text);
    } catch (error) {
      this.#options.onError(error);
      this.close(closeCodes.internalError);
    } finally {
      took();
      this.#inWork -= 1;
      if (this.#socket.isPaused && this.#inWork < this.#options.limits.messagesInWork / 2) this.#socket.resume();
    }
  }

  #tooFast(bytes: number, nowMs: number): void {
    this.#options.metrics.messagesRefused.inc({ code: 'RATE_EXCEEDED' });
    this.strike();
    if (nowMs - this.#lastTooFastMs < 1000) return;
    this.#lastTooFastMs = nowMs;
    this.#handler?.tooFast(Math.max(1000, this.#messages.waitMs(1), this.#bytes.waitMs(bytes)));
  }

  #checkSilence(): void {
    const silentMs = this.#options.now() - this.#lastSignMs;
    if (silentMs > this.#options.limits.silenceMs) this.close(closeCodes.heartbeatTimeout);
    else if (this.open) this.#socket.ping();
  }

  #gone(code: number): void {
    const { metrics, channel } = this.#options;
    this.#taking = false;
    clearInterval(this.#silence);
    metrics.connections.dec({ channel, state: this.#isClosing ? 'closing' : 'open' });
    metrics.connectionsClosed.inc({ channel, code: String(code) });
    this.#handler?.closed();
  }
}
