import { closeCodes, shouldReconnect } from '@invigil/protocol/channels';
import type { GuidanceMessage, ServerSessionMessage } from '@invigil/protocol/channels';
import type { Outbox } from '../outbox/outbox.ts';
import type { TokenSource } from './token-source.ts';
import type { ClockRelation } from '../outbox/session-time.ts';
import type { Timers } from '../timing/timers.ts';
import type { ConnectionState, EndedReason, TransportName, WaitingReason } from './delivery-state.ts';
import { noRequest } from '../thumbnails/thumbnail-sender.ts';
import type { ThumbnailRequest } from '../thumbnails/thumbnail-sender.ts';
import { reconnectDelayMs, reconnectPolicy } from './reconnect-policy.ts';
import { Sender } from './sender.ts';
import type { Digest } from './sha256.ts';
import { askToken, tokenExpiryMs } from './token-source.ts';
import type { OpenTransport, Transport, TransportClose } from './transport.ts';

export interface ConnectionOptions {
  serverUrl: string;
  sessionId: string;
  token: TokenSource | undefined;
  batchIntervalMs: number;
  /** Whether the student knows of pictures. Default false. */
  pictures?: boolean;
}

type Welcome = Extract<ServerSessionMessage, { type: 'welcome' }>;

export interface ConnectionDependencies {
  outbox: Outbox;
  timers: Timers;
  transports: Record<TransportName, OpenTransport>;
  digest: Digest;
  /** 0 to 1. */
  random: () => number;
  onState(state: ConnectionState): void;
  /** The server said what time it is; null when it did not, though it was asked. Nothing is sent before this resolves. */
  onRelated(relation: ClockRelation | null): Promise<void>;
  /** The server did not accept something of ours that is not a single frame. */
  onRefused(detail: string): void;
  /** A proctor said something. */
  onGuidance?(message: GuidanceMessage): void;
  /** Which pictures the server wants from now on; none when the connection is lost. */
  onPictures?(wish: ThumbnailRequest): void;
}

/** The wait for a token, for the connection to open, and for the server's first word. */
const openTimeoutMs = 10_000;
const pingPeriodMs = 30_000;
/** The server sends a heartbeat every 10 s and answers pings; after so long without a sign it is gone. */
const silenceLimitMs = 60_000;
const watchPeriodMs = 2500;
/** After so many attempts in which no socket opened, plain requests are tried. */
const socketFailuresBeforeHttp = 3;
/** How long plain requests are used before a socket is tried again: soon at first, because the server may just have been down. */
const firstHttpTermMs = 15_000;
const maxHttpTermMs = 300_000;
/** A token is asked anew so long before it runs out, at a random moment of this span. */
const tokenRefreshMs = 60_000;
const refusedPauseMs = 5000;
/** With more than this on its way, a picture would be late itself and hold up frames. */
const maxBytesBeforePicture = 16_000;
const busyPauseMs = 2000;

/**
 * The session channel as one state machine: waiting → opening → resuming → ready, back to waiting when the connection is lost,
 * and ended when coming back would not help. Draining is ready (or the way to it) with a time limit.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #parts: ConnectionDependencies;
  readonly #sender: Sender;
  #state: ConnectionState = { state: 'waiting', reason: 'not_started', attempt: 0, retryAtMs: null };
  #transport: Transport | null = null;
  /** Rises with each attempt, so that what belongs to an older one is recognised. */
  #generation = 0;
  #attempt = 0;
  #socketFailures = 0;
  #httpTermMs = firstHttpTermMs;
  #readySinceMs: number | null = null;
  #lastHeardMs = 0;
  /** When the server was asked for its time, on the steady clock; null when it is not going to say. */
  #askedTimeMs: number | null = null;
  #clockOffsetMs: number | null = null;
  /** Timers of the present attempt. */
  #cancels: (() => void)[] = [];
  #cancelRefresh: () => void = () => undefined;
  #cancelPause: () => void = () => undefined;
  readonly #stopPump: () => void;
  #drain: { untilMs: number; finish: () => void; cancel: () => void } | null = null;

  constructor(options: ConnectionOptions, parts: ConnectionDependencies) {
    this.#options = options;
    this.#parts = parts;
    this.#sender = new Sender(parts.outbox, parts.timers, parts.digest);
    this.#stopPump = parts.timers.every(options.batchIntervalMs, () => {
      void (this.#state.state === 'ended' ? this.#keep(this.#state.reason) : this.#pump());
    });
  }

  get state(): ConnectionState {
    if (this.#state.state === 'ended' || this.#drain === null) return this.#state;
    const transport = 'transport' in this.#state ? this.#state.transport : null;
    return { state: 'draining', transport, untilMs: this.#drain.untilMs };
  }

  /** Server clock minus this device's, as of the last welcome or pong; exact to half of its round trip. */
  get clockOffsetMs(): number | null {
    return this.#clockOffsetMs;
  }

  /** Head of the server's chain, as it last said; null before. */
  get chainHead(): string | null {
    return this.#sender.chainHead;
  }

  open(): void {
    if (this.#state.state === 'waiting' && this.#state.reason === 'not_started') void this.#begin();
  }

  /** Something changed for the better (the network is back, the page is shown): no need to wait any longer. */
  wake(): void {
    if (this.#state.state === 'waiting' && this.#state.reason !== 'not_started') void this.#begin();
  }

  /** What was just recorded is sent now instead of with the next batch. */
  hurry(): void {
    if (this.#state.state === 'ready') void this.#sender.hurry();
  }

  /** Sends what is left, then ends. Resolves when all is acknowledged, the time is up or the connection has ended. */
  async drain(untilMs: number): Promise<void> {
    if (this.#state.state === 'ended' || this.#drain !== null) return;
    const drained = new Promise<void>((finish) => {
      const cancel = this.#parts.timers.after(Math.max(0, untilMs - this.#parts.timers.nowMs()), finish);
      this.#drain = { untilMs, finish, cancel };
    });
    this.#parts.onState(this.state);
    this.wake();
    await this.#pump();
    await drained;
    this.#end('stopped');
  }

  close(): void {
    this.#end('stopped');
  }

  /** @returns false where it cannot leave at once; frames go first. */
  sendPicture(text: string): boolean {
    if (this.#state.state !== 'ready' || this.#transport === null) return false;
    if (this.#transport.bufferedBytes > maxBytesBeforePicture) return false;
    this.#transport.send(text);
    return true;
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#parts.onState(this.state);
  }

  #later(delayMs: number, run: () => void): void {
    this.#cancels.push(this.#parts.timers.after(delayMs, run));
  }

  #cancelTimers(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
    this.#cancelPause();
  }

  #chooseTransport(): TransportName {
    return this.#socketFailures >= socketFailuresBeforeHttp ? 'http' : 'socket';
  }

  async #begin(): Promise<void> {
    this.#cancelTimers();
    const generation = ++this.#generation;
    this.#attempt += 1;
    const name = this.#chooseTransport();
    this.#setState({ state: 'opening', attempt: this.#attempt, transport: name });
    this.#later(openTimeoutMs, () => this.#lost({ code: 1006, reason: 'no answer' }));
    let token: string | null;
    try {
      token = await askToken(this.#options.token);
    } catch {
      if (generation === this.#generation) this.#wait('token_unavailable');
      return;
    }
    if (generation !== this.#generation || this.#state.state !== 'opening') return;
    const { serverUrl, sessionId } = this.#options;
    const isCurrent = (): boolean => generation === this.#generation;
    this.#transport = this.#parts.transports[name](
      { serverUrl, sessionId, token },
      {
        open: () => isCurrent() && this.#opened(name, token),
        message: (message) => isCurrent() && this.#received(message, name),
        close: (close) => isCurrent() && this.#lost(close),
      },
    );
  }

  #opened(transport: TransportName, token: string | null): void {
    if (transport === 'socket') {
      this.#socketFailures = 0;
      this.#httpTermMs = firstHttpTermMs;
    }
    this.#cancelTimers();
    this.#setState({ state: 'resuming', attempt: this.#attempt, transport });
    this.#later(openTimeoutMs, () => this.#lost({ code: 1006, reason: 'no welcome' }));
    this.#hello();
    const expiresMs = token === null || typeof this.#options.token !== 'function' ? null : tokenExpiryMs(token);
    if (expiresMs === null) return;
    const leftMs = expiresMs - this.#parts.timers.nowMs();
    // A token that is short-lived anyhow is used up to its half at least.
    const refreshInMs = Math.max(leftMs / 2, leftMs - tokenRefreshMs * (0.5 + this.#parts.random() / 2));
    this.#cancelRefresh = this.#parts.timers.after(refreshInMs, () => this.#renew());
  }

  #hello(): void {
    const { outbox, timers } = this.#parts;
    const lastSeq = outbox.nextSeq === 0 ? null : outbox.nextSeq - 1;
    this.#askedTimeMs = timers.steadyMs();
    this.#lastHeardMs = this.#askedTimeMs;
    const { pictures = false } = this.#options;
    this.#transport?.send(
      JSON.stringify({
        type: 'hello',
        client_time_ms: timers.nowMs(),
        last_seq: lastSeq,
        ...(pictures ? { pictures } : {}),
      }),
    );
  }

  #received(message: ServerSessionMessage, transport: TransportName): void {
    this.#lastHeardMs = this.#parts.timers.steadyMs();
    switch (message.type) {
      case 'welcome':
        return void this.#welcomed(message, transport);
      case 'ack':
        this.#sender.acknowledged(message);
        return this.#progressed();
      case 'session_ended':
        return this.#end('session_ended');
      case 'slow_down':
        return this.#slowDown(message.retry_after_ms);
      case 'pictures':
        return this.#parts.onPictures?.(message);
      case 'error':
        return this.#problem(message);
      case 'proctor_message':
      case 'break':
      case 'breaks':
        return this.#parts.onGuidance?.(message);
      case 'pong':
        return void this.#relateTo(Date.parse(message.timestamp)).then(() => this.#pump());
      case 'heartbeat':
    }
  }

  async #relateTo(serverTimeMs: number): Promise<void> {
    if (this.#askedTimeMs === null) return;
    const { nowMs, steadyMs } = { nowMs: this.#parts.timers.nowMs(), steadyMs: this.#parts.timers.steadyMs() };
    const roundTripMs = steadyMs - this.#askedTimeMs;
    this.#askedTimeMs = null;
    if (!Number.isFinite(serverTimeMs)) return this.#parts.onRelated(null);
    const serverMs = serverTimeMs + roundTripMs / 2;
    this.#clockOffsetMs = Math.round(serverMs - nowMs);
    await this.#parts.onRelated({ serverMs, deviceMs: nowMs, toleranceMs: roundTripMs / 2 });
  }

  /** Asks the server for its time. Without a connection the next welcome says it. */
  relate(): void {
    if (this.#state.state === 'ready') this.#ping();
  }

  #ping(): void {
    this.#askedTimeMs ??= this.#parts.timers.steadyMs();
    this.#transport?.send('{"type":"ping"}');
  }

  async #welcomed({ server_time_ms, up_to_seq, highest_seq, chain }: Welcome, transport: TransportName): Promise<void> {
    if (this.#state.state !== 'resuming') return;
    const generation = this.#generation;
    try {
      await this.#relateTo(server_time_ms);
      await this.#parts.outbox.agree(up_to_seq, highest_seq);
    } catch {
      // Frames that cannot be read cannot be numbered anew; nothing was changed, and the next connection tries again.
      if (generation === this.#generation) this.#lost({ code: 1006, reason: 'the outbox could not be read' });
      return;
    }
    if (generation !== this.#generation || this.#state.state !== 'resuming') return;
    this.#cancelTimers();
    this.#readySinceMs = this.#parts.timers.steadyMs();
    this.#sender.begin((text) => this.#transport?.send(text), chain);
    this.#setState({ state: 'ready', transport, pausedUntilMs: null });
    this.#cancels.push(this.#parts.timers.every(watchPeriodMs, () => this.#watch(transport)));
    if (transport === 'socket') {
      this.#cancels.push(this.#parts.timers.every(pingPeriodMs, () => this.#ping()));
    } else this.#later(this.#httpTermMs, () => this.#retrySocket());
    await this.#pump();
    this.#progressed();
  }

  async #pump(): Promise<void> {
    await this.#sender.pump('all');
    this.#progressed();
  }

  /**
   * Where the server wants nothing more from this page, the sitting may go on all the same: what it records is kept for another
   * time. After the end of the session there is no other time.
   */
  #keep(reason: EndedReason): Promise<void> {
    if (reason === 'session_ended') this.#parts.outbox.giveUp();
    return this.#parts.outbox.flush();
  }

  /** Draining is over as soon as nothing is left. */
  #progressed(): void {
    if (this.#state.state === 'ready' && this.#sender.isDone) this.#drain?.finish();
    else if (this.#drain !== null && this.#state.state === 'ready') void this.#sender.pump('all');
  }

  #slowDown(durationMs: number): void {
    if (this.#state.state === 'resuming') {
      this.#cancelTimers();
      this.#later(durationMs, () => this.#hello());
      this.#later(durationMs + openTimeoutMs, () => this.#lost({ code: 1006, reason: 'no welcome' }));
      return;
    }
    if (this.#state.state !== 'ready') return;
    this.#sender.pause(durationMs + durationMs * 0.1 * this.#parts.random());
    this.#setState({ ...this.#state, pausedUntilMs: this.#sender.pausedUntilMs });
    this.#cancelPause();
    this.#cancelPause = this.#parts.timers.after(this.#sender.pauseLeftMs + 1, () => {
      if (this.#state.state === 'ready') this.#setState({ ...this.#state, pausedUntilMs: this.#sender.pausedUntilMs });
      void this.#pump();
    });
  }

  #problem({ code, message, seq }: Extract<ServerSessionMessage, { type: 'error' }>): void {
    if (code === 'SESSION_ENDED') return this.#end('session_ended');
    if (seq !== undefined) return this.#parts.outbox.reject(seq);
    if (code === 'STORE_UNAVAILABLE' || code === 'RATE_EXCEEDED') return this.#slowDown(busyPauseMs);
    this.#parts.onRefused(`${code}: ${message}`);
    // Frames are not meant by it.
    if (code === 'PICTURE_REFUSED') return;
    this.#slowDown(refusedPauseMs);
  }

  #watch(transport: TransportName): void {
    const silentMs = this.#parts.timers.steadyMs() - this.#lastHeardMs;
    if (this.#sender.isStalled() || (transport === 'socket' && silentMs > silenceLimitMs)) {
      this.#lost({ code: 1006, reason: 'no sign of life' });
    }
  }

  #drop(): void {
    this.#cancelTimers();
    this.#cancelRefresh();
    this.#generation += 1;
    this.#sender.end();
    this.#askedTimeMs = null;
    const transport = this.#transport;
    this.#transport = null;
    transport?.close();
    this.#parts.onPictures?.(noRequest);
  }

  /** A new connection in the place of a good one. */
  #renew(): void {
    this.#drop();
    this.#attempt = 0;
    void this.#begin();
  }

  /** One attempt; where sockets are blocked still, requests go on. */
  #retrySocket(): void {
    this.#httpTermMs = Math.min(maxHttpTermMs, this.#httpTermMs * 2);
    this.#socketFailures = socketFailuresBeforeHttp - 1;
    this.#renew();
  }

  #lost({ code }: TransportClose): void {
    if (this.#state.state === 'opening') {
      this.#socketFailures = this.#state.transport === 'http' ? 1 : this.#socketFailures + 1;
    }
    this.#drop();
    if (code === closeCodes.sessionEnded.code) return this.#end('session_ended');
    if (code === closeCodes.replaced.code) return this.#end('replaced');
    if (!shouldReconnect(code)) return this.#end('refused');
    this.#wait(code === closeCodes.tryAgainLater.code ? 'server_busy' : 'connection_lost');
  }

  #wait(reason: WaitingReason): void {
    this.#drop();
    const steadyMs = this.#parts.timers.steadyMs();
    if (this.#readySinceMs !== null && steadyMs - this.#readySinceMs > reconnectPolicy.stableAfterMs) this.#attempt = 0;
    this.#readySinceMs = null;
    const delayMs = reconnectDelayMs(this.#attempt, this.#parts.random());
    this.#setState({
      state: 'waiting',
      reason,
      attempt: this.#attempt,
      retryAtMs: this.#parts.timers.nowMs() + delayMs,
    });
    this.#later(delayMs, () => void this.#begin());
  }

  #end(reason: EndedReason): void {
    if (reason === 'stopped') this.#stopPump();
    if (this.#state.state === 'ended') {
      // What was recorded between the end of the session and that of the sitting.
      void this.#keep(this.#state.reason);
      return;
    }
    this.#drop();
    if (reason === 'session_ended') void this.#keep(reason);
    this.#setState({ state: 'ended', reason });
    this.#drain?.cancel();
    this.#drain?.finish();
  }
}
