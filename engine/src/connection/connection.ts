import { closeCodes, shouldReconnect } from '@invigil/protocol/channels';
import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { TimerSet } from '../timing/timer-set.ts';
import { ClockQuery } from './clock-query.ts';
import type { ConnectionDependencies, ConnectionOptions } from './connection-options.ts';
import { Connector, openTimeoutMs } from './connector.ts';
import type { ConnectionState, EndedReason, TransportName, WaitingReason } from './delivery-state.ts';
import { Drain } from './drain.ts';
import { helloMessage } from './hello-message.ts';
import { Liveness } from './liveness.ts';
import { routeMessage } from './message-router.ts';
import type { MessageHandlers } from './message-router.ts';
import { limitedPauseMs } from './send-pause.ts';
import { Sender } from './sender.ts';
import type { ClientMessage, TransportClose } from './transport.ts';

type Welcome = Extract<ServerSessionMessage, { type: 'welcome' }>;

const pingPeriodMs = 30_000;
const watchPeriodMs = 2500;
/** How long to wait for a pong when the browser reports that the network is gone. */
const verifyTimeoutMs = 3000;
/** Random share of a delay, so that clients do not all return at once. */
const pauseJitter = 0.1;
/** With more than this buffered, a thumbnail would arrive late and delay frames. */
const maxBytesBeforePicture = 16_000;

/**
 * The session channel as one state machine: waiting → opening → resuming → ready, back to waiting when the connection is lost,
 * and ended when reconnecting would not help. Draining is ready (or on the way to it) with a time limit.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #deps: ConnectionDependencies;
  readonly #connector: Connector;
  readonly #sender: Sender;
  readonly #clock: ClockQuery;
  readonly #liveness: Liveness;
  #state: ConnectionState = { state: 'waiting', reason: 'not_started', attempt: 0, retryAtMs: null };
  readonly #pauseTimer: TimerSet;
  readonly #stopPump: () => void;
  #drain: Drain | null = null;

  constructor(options: ConnectionOptions, dependencies: ConnectionDependencies) {
    const { outbox, timers, digest } = dependencies;
    this.#options = options;
    this.#deps = dependencies;
    this.#sender = new Sender(outbox, timers, digest);
    this.#clock = new ClockQuery(timers, (relation) => dependencies.onRelated(relation));
    this.#liveness = new Liveness(timers);
    this.#pauseTimer = new TimerSet(timers);
    this.#connector = new Connector(options, dependencies, {
      onOpening: (transport) => this.#setState({ state: 'opening', attempt: this.#connector.attempt, transport }),
      onOpen: (transport) => this.#opened(transport),
      onMessage: (message, transport) => {
        this.#liveness.received();
        routeMessage(message, this.#handlers(transport));
      },
      onClose: (close) => this.#lost(close),
      onTokenUnavailable: () => this.#wait('token_unavailable'),
      onRenew: () => this.#drop(),
      isHeldBack: () => this.#sender.isHeldBack,
    });
    this.#stopPump = timers.every(options.batchIntervalMs, () => {
      void (this.#state.state === 'ended' ? this.#keepUnsent(this.#state.reason) : this.#pump());
    });
  }

  get state(): ConnectionState {
    if (this.#state.state === 'ended' || this.#drain === null) return this.#state;
    const transport = 'transport' in this.#state ? this.#state.transport : null;
    return { state: 'draining', transport, untilMs: this.#drain.untilMs };
  }

  /** Server clock minus device clock, as of the last welcome or pong; accurate to half of its round trip. */
  get clockOffsetMs(): number | null {
    return this.#clock.offsetMs;
  }

  /** The server's last chain head; null before the first. */
  get chainHead(): string | null {
    return this.#sender.chainHead;
  }

  open(): void {
    if (this.#state.state === 'waiting' && this.#state.reason === 'not_started') void this.#connector.begin();
  }

  /** The network is back, or the page is shown again: reconnects now instead of after the delay. */
  wake(): void {
    if (this.#state.state === 'waiting' && this.#state.reason !== 'not_started') void this.#connector.begin();
  }

  /** The browser reports that the network is gone. That is only a hint, so ping the server. */
  verify(): void {
    if (this.#state.state !== 'ready' || this.#state.transport !== 'socket') return;
    const askedMs = this.#deps.timers.steadyMs();
    this.#ping();
    this.#connector.timers.after(verifyTimeoutMs, () => {
      if (!this.#liveness.hasReceivedSince(askedMs)) this.#lost({ code: 1006, reason: 'offline' });
    });
  }

  /** Sends new frames now instead of with the next batch. */
  hurry(): void {
    if (this.#state.state === 'ready') void this.#sender.hurry();
  }

  /** Asks the server for its time. Without a connection, the next welcome provides it. */
  queryClock(): void {
    if (this.#state.state === 'ready') this.#ping();
  }

  /** Sends the pending frames, then ends. Resolves when all are acknowledged, at `untilMs`, or when the connection has ended. */
  async drain(untilMs: number): Promise<void> {
    if (this.#state.state === 'ended' || this.#drain !== null) return;
    this.#drain = new Drain(this.#deps.timers, untilMs);
    const { finished } = this.#drain;
    this.#deps.onState(this.state);
    this.wake();
    await this.#pump();
    await finished;
    this.#end('stopped');
  }

  close(): void {
    this.#end('stopped');
  }

  /** @returns false if it cannot be sent at once; frames have priority. */
  sendPicture(message: ClientMessage): boolean {
    const { transport } = this.#connector.link;
    if (this.#state.state !== 'ready' || transport === null) return false;
    if (transport.bufferedBytes > maxBytesBeforePicture) return false;
    transport.send(message);
    return true;
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#deps.onState(this.state);
  }

  #cancelAttemptTimers(): void {
    this.#connector.timers.cancelAll();
    this.#pauseTimer.cancelAll();
  }

  #opened(transport: TransportName): void {
    this.#pauseTimer.cancelAll();
    this.#setState({ state: 'resuming', attempt: this.#connector.attempt, transport });
    this.#expectWelcomeWithin(openTimeoutMs);
    this.#hello();
  }

  #expectWelcomeWithin(durationMs: number): void {
    this.#connector.timers.after(durationMs, () => this.#lost({ code: 1006, reason: 'no welcome' }));
  }

  #hello(): void {
    const { outbox, timers } = this.#deps;
    this.#clock.cancel();
    this.#clock.ask();
    this.#liveness.received();
    this.#connector.link.send(helloMessage(outbox.nextSeq, timers.nowMs(), this.#options.pictures ?? false));
  }

  #ping(): void {
    this.#clock.ask();
    this.#connector.link.send({ type: 'ping' });
  }

  #handlers(transport: TransportName): MessageHandlers {
    const { outbox } = this.#deps;
    return {
      onWelcome: (message) => void this.#welcomed(message, transport),
      onAck: (message) => {
        this.#sender.acknowledged(message);
        this.#progressed();
      },
      onSessionEnded: () => this.#end('session_ended'),
      onBusy: (durationMs) => this.#slowDown(durationMs),
      onFrameRejected: (seq) => outbox.reject(seq),
      onRefused: (detail, pauseMs) => {
        this.#deps.onRefused(detail);
        if (pauseMs > 0) this.#slowDown(pauseMs);
      },
      onPong: (serverTimeMs) => void this.#clock.answer(serverTimeMs).then(() => this.#pump()),
      onGuidance: (message) => this.#deps.onGuidance?.(message),
      onPictures: (message) => this.#deps.onPictures?.(message),
    };
  }

  async #welcomed({ server_time_ms, up_to_seq, highest_seq, chain }: Welcome, name: TransportName): Promise<void> {
    if (this.#state.state !== 'resuming') return;
    const { link, timers } = this.#connector;
    const isCurrent = link.isCurrent();
    try {
      await this.#clock.answer(server_time_ms);
      await this.#deps.outbox.agree(up_to_seq, highest_seq);
    } catch {
      // Frames that cannot be read cannot be renumbered. Nothing was changed, and the next connection tries again.
      if (isCurrent()) this.#lost({ code: 1006, reason: 'the outbox could not be read' });
      return;
    }
    const { transport } = link;
    if (!isCurrent() || this.#state.state !== 'resuming' || transport === null) return;
    this.#cancelAttemptTimers();
    this.#sender.begin(transport, chain, this.#connector.maxBatchBytes);
    this.#setState({ state: 'ready', transport: name, pausedUntilMs: null });
    timers.every(watchPeriodMs, () => this.#checkAlive(name));
    if (name === 'socket') timers.every(pingPeriodMs, () => this.#ping());
    this.#connector.ready();
    await this.#pump();
  }

  async #pump(): Promise<void> {
    await this.#sender.pump('all');
    this.#progressed();
  }

  /**
   * The connection has ended, but the page may still be recording: its frames are stored for a later connection. After
   * the end of the session there will be no later connection, so they count as lost.
   */
  #keepUnsent(reason: EndedReason): Promise<void> {
    if (reason === 'session_ended') this.#deps.outbox.giveUp();
    return this.#deps.outbox.flush();
  }

  /** Draining finishes as soon as nothing is pending. */
  #progressed(): void {
    if (this.#drain === null || this.#state.state !== 'ready') return;
    if (this.#sender.isDone) this.#drain.finish();
    else void this.#sender.pump('all');
  }

  #slowDown(durationMs: number): void {
    if (this.#state.state === 'resuming') {
      const pauseMs = limitedPauseMs(durationMs);
      this.#cancelAttemptTimers();
      this.#connector.timers.after(pauseMs, () => this.#hello());
      this.#expectWelcomeWithin(pauseMs + openTimeoutMs);
      return;
    }
    if (this.#state.state !== 'ready') return;
    const { pause } = this.#sender;
    this.#sender.pauseFor(durationMs + durationMs * pauseJitter * this.#deps.random());
    this.#setState({ ...this.#state, pausedUntilMs: pause.endsAtMs });
    this.#pauseTimer.cancelAll();
    this.#pauseTimer.after(pause.leftMs + 1, () => {
      if (this.#state.state === 'ready') this.#setState({ ...this.#state, pausedUntilMs: pause.endsAtMs });
      void this.#pump();
    });
  }

  #checkAlive(transport: TransportName): void {
    if (!this.#sender.isStalled() && !this.#liveness.isSilent(transport)) return;
    this.#lost({ code: 1006, reason: 'no heartbeat' });
  }

  #drop(): void {
    this.#pauseTimer.cancelAll();
    this.#connector.drop();
    this.#sender.end();
    this.#clock.cancel();
    this.#deps.onPictures?.(null);
  }

  #lost(close: TransportClose): void {
    const { code } = close;
    const isFinal = this.#connector.isFromServer(close) && !shouldReconnect(code);
    this.#connector.lost(close, this.#sender.isDone);
    this.#drop();
    if (!isFinal) return this.#wait(code === closeCodes.tryAgainLater.code ? 'server_busy' : 'connection_lost');
    if (code === closeCodes.sessionEnded.code) return this.#end('session_ended');
    this.#end(code === closeCodes.replaced.code ? 'replaced' : 'refused');
  }

  #wait(reason: WaitingReason): void {
    this.#drop();
    const delayMs = this.#connector.retryLater();
    const retryAtMs = this.#deps.timers.nowMs() + delayMs;
    this.#setState({ state: 'waiting', reason, attempt: this.#connector.attempt, retryAtMs });
  }

  #end(reason: EndedReason): void {
    if (reason === 'stopped') this.#stopPump();
    if (this.#state.state === 'ended') {
      // Frames that were recorded after the connection ended.
      void this.#keepUnsent(this.#state.reason);
      return;
    }
    this.#drop();
    if (reason === 'session_ended') void this.#keepUnsent(reason);
    this.#setState({ state: 'ended', reason });
    this.#drain?.finish();
  }
}
