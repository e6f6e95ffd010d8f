import type { CloseReason, Problem } from '@invigil/protocol/channels';
import { closeCodes } from '@invigil/protocol/channels';
import type { RawData, WebSocket } from 'ws';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import { hasTooManyElements } from '../budget/json-elements.ts';
import { inSpan, runnerInTrace } from '../telemetry/tracing.ts';
import type { Run } from '../telemetry/tracing.ts';
import { withDeadline } from '../time/with-deadline.ts';
import { MessageRate } from '../rate-limit/message-rate.ts';
import type { GatheredWrites } from './gathered-writes.ts';
import { pongWithin } from './pong-within.ts';
import { skipCompressed } from './skip-compressed.ts';

/** A channel's handling of one connection. A rejected promise closes the connection. */
export interface ConnectionHandler {
  /** @param waitedMs how long ago the message arrived */
  message(text: string, waitedMs: number): Promise<void>;
  /** A message above the rate limit was dropped unread. Tells the client so in the channel's format; called at most once a second. */
  tooFast(retryAfterMs: number): void;
  closed(): void;
}

export interface ConnectionOptions {
  channel: string;
  limits: ConnectionLimits;
  metrics: IngestMetrics;
  now: () => number;
  writes?: GatheredWrites;
  nextTurn?: () => Promise<void> | undefined;
  onError(error: unknown): void;
  /** Called when the channel has identified the client. @returns false if this user may not have another connection */
  onIdentified?(owner: string | null): boolean;
  /** Runs work for the request that opened the connection, until the client is identified. */
  inRequest?: (work: () => void) => void;
}

const closeTimeoutMs = 2000;
/** A client that sends too fast is not read for as long as its next message would be too early, but at most this long. */
const maxRestMs = 250;
/** Longer than the stores' deadline, so that clients still receive an answer when a store fails. */
const answerTimeoutMs = 5000;
const checkSilenceEveryMs = 15_000;

/** One WebSocket with its limits: handles messages in order, and bounds their rate, the backlog and the unsent bytes. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #options: ConnectionOptions;
  #rate: MessageRate;
  /** Runs work with the trace of the request that opened this connection: `ws` calls its listeners outside of it. */
  readonly #inTrace: Run = runnerInTrace();
  /** Also with the request's id, until the client is identified. */
  #inRequest: Run = this.#inTrace;
  readonly #silence: NodeJS.Timeout | undefined;
  #handler: ConnectionHandler | null = null;
  #work: Promise<void> = Promise.resolve();
  #inWork = 0;
  /** Set while the socket is not read because the client sent too fast. */
  #rest: NodeJS.Timeout | undefined;
  /** Compressed bytes of the message that was dropped before it was decompressed; 0: none. */
  #skippedBytes = 0;
  #lastReceivedMs: number;
  #isAccepting = true;
  #isClosing = false;
  /** Ends a closing handshake that the client does not complete. */
  #termination: NodeJS.Timeout | undefined;
  #isCutOff = false;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    const { limits, now, inRequest } = options;
    this.#socket = socket;
    this.#options = options;
    if (inRequest !== undefined) this.#inRequest = (work) => this.#inTrace(() => inRequest(work));
    this.#lastReceivedMs = now();
    this.#rate = new MessageRate(limits, now());
    // Channels with their own heartbeat set no limit here.
    this.#silence =
      limits.silenceMs === Infinity
        ? undefined
        : setInterval(() => this.#checkSilence(), Math.min(checkSilenceEveryMs, limits.silenceMs / 2)).unref();
    options.metrics.connections.inc({ channel: options.channel, state: 'open' });
    // What arrived before the socket was paused, or arrives until the client has closed its side.
    skipCompressed(
      socket,
      () => this.#rest !== undefined || !this.#isAccepting,
      (bytes) => (this.#skippedBytes += bytes),
    );
    socket.on('message', (data, isBinary) => this.#inRequest(() => this.#onMessage(data, isBinary)));
    socket.on('pong', () => (this.#lastReceivedMs = now()));
    // ws closes the connection itself with the matching code; the close handler counts it.
    socket.on('error', () => undefined);
    socket.on('close', (code) => this.#inRequest(() => this.#onClosed(code)));
  }

  handle(handler: ConnectionHandler): void {
    this.#handler = handler;
  }

  /**
   * The channel calls this once it has identified the client, before it does anything else for it.
   * @param owner whose budget the connection spends: a user or a session; null for a client without its own limits
   * @returns false if the owner has too many connections: this one is being closed
   */
  identified(owner: string | null): boolean {
    this.#inRequest = this.#inTrace;
    return this.#options.onIdentified?.(owner) ?? true;
  }

  /** Calls the listener when the connection is closed. */
  onClosed(listener: () => void): void {
    this.#socket.on('close', listener);
  }

  /** From now on the connection's messages count together with those of its owner's other connections. */
  shareRate(rate: MessageRate): void {
    this.#rate = rate;
  }

  /** Closes the connection and reads nothing more from it, not even the rest of a message. */
  cutOff(reason: CloseReason): void {
    this.close(reason);
    this.#isCutOff = true;
    this.#socket.pause();
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Messages accepted but not answered yet. */
  get messagesInWork(): number {
    return this.#inWork;
  }

  /** Bytes passed to `send` that have not yet been sent to the client. */
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

  /** Like `send`, for a message that is serialised once and sent to many clients. */
  sendText(text: string, onSent?: () => void): void {
    if (!this.open) return;
    // Before the check, because it flushes early: held bytes are not a sign of a slow client.
    this.#options.writes?.hold();
    if (this.#socket.bufferedAmount > this.#options.limits.sendBufferBytes) {
      this.close(closeCodes.tryAgainLater);
      return;
    }
    this.#socket.send(text, onSent);
  }

  /** Pings; resolves with whether a pong arrived in time. */
  answersPing(withinMs: number): Promise<boolean> {
    return pongWithin(this.#socket, withinMs);
  }

  sendError(problem: Problem): void {
    this.send({ type: 'error', ...problem });
  }

  /** Counts a refused message; too many of them close the connection. */
  strike(): void {
    if (!this.#rate.takeStrike(this.#options.now())) this.close(closeCodes.rateExceeded);
  }

  close(reason: CloseReason): void {
    this.#isAccepting = false;
    this.#beginClose(reason);
  }

  #beginClose({ code, reason }: CloseReason): void {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    // Also if the client began to close: ws itself would wait 30 s for it.
    this.#termination ??= setTimeout(() => this.#socket.terminate(), closeTimeoutMs).unref();
    if (!this.open) return;
    const { metrics, channel } = this.#options;
    metrics.connections.dec({ channel, state: 'open' });
    metrics.connections.inc({ channel, state: 'closing' });
    this.#isClosing = true;
    // The client's part of the closing handshake has to be read.
    this.#endRest();
    this.#socket.close(code, reason);
  }

  /** Resolves when the messages accepted so far are answered. */
  settled(): Promise<void> {
    return this.#work;
  }

  /**
   * Answers the messages accepted so far, and closes. Those that were on their way are still handled, though they cannot be answered: a client may
   * have no way to send them again. Resolves when the connection is closed and every message is handled.
   */
  async finish(reason: CloseReason): Promise<void> {
    await this.#work;
    if (this.#socket.readyState !== this.#socket.CLOSED) {
      const closed = new Promise<void>((resolve) => this.onClosed(resolve));
      this.#beginClose(reason);
      await closed;
    }
    await this.#work;
  }

  /** Stops accepting messages, answers the accepted ones within a time limit, sends `lastMessage` and closes. */
  async retire(reason: CloseReason, lastMessage?: object): Promise<void> {
    this.#isAccepting = false;
    await withDeadline(this.#work, answerTimeoutMs, () => undefined);
    if (lastMessage !== undefined) this.send(lastMessage);
    this.close(reason);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    const { metrics, channel, limits, now } = this.#options;
    if (!this.#isAccepting) return;
    const nowMs = now();
    this.#lastReceivedMs = nowMs;
    metrics.messagesReceived.inc({ channel });
    if (isBinary) return this.close(closeCodes.unsupportedData);
    const skippedBytes = this.#skippedBytes;
    this.#skippedBytes = 0;
    if (skippedBytes > 0) return this.#tooFast(skippedBytes, nowMs);
    const text = data as Buffer;
    if (!this.#rate.take(text.length, nowMs)) return this.#tooFast(text.length, nowMs);
    this.#inWork += 1;
    if (this.#inWork >= limits.messagesInWork) this.#socket.pause();
    // Passed on as unreadable JSON, so that the channel answers in its own format.
    this.#work = this.#work.then(() => this.#handleOne(hasTooManyElements(text) ? '' : text.toString('utf8'), nowMs));
  }

  async #handleOne(text: string, arrivedMs: number): Promise<void> {
    const { metrics, channel, now, nextTurn } = this.#options;
    const took = metrics.messageSeconds.startTimer({ channel });
    await nextTurn?.();
    try {
      await inSpan(`${channel} message`, { 'invigil.message.characters': text.length }, async () =>
        this.#handler?.message(text, now() - arrivedMs),
      );
    } catch (error) {
      this.#options.onError(error);
      this.close(closeCodes.internalError);
    } finally {
      took();
      this.#inWork -= 1;
      this.#readOn();
    }
  }

  #tooFast(bytes: number, nowMs: number): void {
    this.#options.metrics.messagesRefused.inc({ code: 'RATE_EXCEEDED' });
    this.#options.metrics.budgetRefused.inc({ limit: 'messages' });
    this.strike();
    const retryAfterMs = this.#rate.retryAfterMs(bytes, nowMs);
    if (retryAfterMs !== null) this.#handler?.tooFast(retryAfterMs);
    this.#restFor(Math.min(this.#rate.waitMs(bytes), maxRestMs));
  }

  /** Reads nothing for a while: what the client sends meanwhile waits on its side and costs nothing here. */
  #restFor(ms: number): void {
    if (this.#isClosing || this.#rest !== undefined) return;
    this.#socket.pause();
    this.#rest = setTimeout(() => this.#endRest(), ms);
  }

  #endRest(): void {
    if (this.#rest === undefined) return;
    clearTimeout(this.#rest);
    this.#rest = undefined;
    this.#readOn();
  }

  #readOn(): void {
    if (this.#rest !== undefined || this.#isCutOff || !this.#socket.isPaused) return;
    if (this.#inWork < this.#options.limits.messagesInWork / 2) this.#socket.resume();
  }

  #checkSilence(): void {
    const silentMs = this.#options.now() - this.#lastReceivedMs;
    if (silentMs > this.#options.limits.silenceMs) this.close(closeCodes.heartbeatTimeout);
    else if (this.open) this.#socket.ping();
  }

  #onClosed(code: number): void {
    const { metrics, channel } = this.#options;
    this.#isAccepting = false;
    clearInterval(this.#silence);
    clearTimeout(this.#rest);
    clearTimeout(this.#termination);
    metrics.connections.dec({ channel, state: this.#isClosing ? 'closing' : 'open' });
    metrics.connectionsClosed.inc({ channel, code: String(code) });
    this.#handler?.closed();
  }
}
