import type { CloseReason, Problem } from '@invigil/protocol/channels';
import { closeCodes } from '@invigil/protocol/channels';
import type { RawData, WebSocket } from 'ws';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import { TokenBucket } from '../rate-limit/token-bucket.ts';

/** A channel's handling of one connection. A rejected promise closes the connection. */
export interface ConnectionHandler {
  message(text: string): Promise<void>;
  /** A message above the rate limit was dropped unread; tell the client in the channel's format. Called at most once a second. */
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
/** Longer than a store's own deadline. */
const answerTimeoutMs = 5000;
const checkSilenceEveryMs = 15_000;

/** One WebSocket with its limits: handles messages in order, and bounds their rate, the backlog and the unsent bytes. */
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
  #isAccepting = true;
  #isClosing = false;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    const { limits, now } = options;
    this.#socket = socket;
    this.#options = options;
    this.#lastSignMs = now();
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.messageBurst, now());
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.byteBurst, now());
    this.#strikes = new TokenBucket(strikesPerSecond, limits.strikes, now());
    // Channels with their own heartbeat set no limit here.
    this.#silence =
      limits.silenceMs === Infinity
        ? undefined
        : setInterval(() => this.#checkSilence(), Math.min(checkSilenceEveryMs, limits.silenceMs / 2)).unref();
    options.metrics.connections.inc({ channel: options.channel, state: 'open' });
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('pong', () => (this.#lastSignMs = now()));
    // ws closes the connection itself with the matching code; the close handler counts it.
    socket.on('error', () => undefined);
    socket.on('close', (code) => this.#onClosed(code));
  }

  handle(handler: ConnectionHandler): void {
    this.#handler = handler;
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Messages accepted but not answered yet. */
  get messagesInWork(): number {
    return this.#inWork;
  }

  /** Bytes passed to `send` that have not left for the client yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /**
   * Sends, unless the client reads so slowly that its unsent messages exceed the limit: then the connection is closed, and the client may reconnect.
   * @param onSent called when the message has left for the client, or the connection is closed.
   */
  send(message: object, onSent?: () => void): void {
    if (this.open) this.sendText(JSON.stringify(message), onSent);
  }

  /** The same for a message that is serialised once and sent to many. */
  sendText(text: string, onSent?: () => void): void {
    if (!this.open) return;
    if (this.#socket.bufferedAmount > this.#options.limits.sendBufferBytes) {
      this.close(closeCodes.tryAgainLater);
      return;
    }
    this.#socket.send(text, onSent);
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
    this.#isAccepting = false;
    if (!this.open) return;
    const { metrics, channel } = this.#options;
    metrics.connections.dec({ channel, state: 'open' });
    metrics.connections.inc({ channel, state: 'closing' });
    this.#isClosing = true;
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), closeTimeoutMs).unref();
  }

  /** Stops accepting messages. Resolves when the accepted ones are answered. */
  async drain(): Promise<void> {
    this.#isAccepting = false;
    await this.#work;
  }

  /** Stops accepting messages, answers the accepted ones within a time limit, sends `farewell` and closes. */
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

  #onMessage(data: RawData, isBinary: boolean): void {
    const { metrics, channel, limits, now } = this.#options;
    if (!this.#isAccepting) return;
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

  #onClosed(code: number): void {
    const { metrics, channel } = this.#options;
    this.#isAccepting = false;
    clearInterval(this.#silence);
    metrics.connections.dec({ channel, state: this.#isClosing ? 'closing' : 'open' });
    metrics.connectionsClosed.inc({ channel, code: String(code) });
    this.#handler?.closed();
  }
}
