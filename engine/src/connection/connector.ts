import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { TimerSet } from '../timing/timer-set.ts';
import type { ConnectionDependencies, ConnectionOptions } from './connection-options.ts';
import type { TransportName } from './delivery-state.ts';
import { Link } from './link.ts';
import { ReconnectCounter } from './reconnect-policy.ts';
import { askToken, tokenRefreshDelayMs } from './token-source.ts';
import { TransportChoice } from './transport-choice.ts';
import type { TransportClose } from './transport.ts';

export interface ConnectorEvents {
  onOpening(transport: TransportName): void;
  onOpen(transport: TransportName): void;
  onMessage(message: ServerSessionMessage, transport: TransportName): void;
  onClose(close: TransportClose): void;
  onTokenUnavailable(): void;
  /** A working connection is about to be replaced; `drop` it. */
  onRenew(): void;
}

/** For the token, for the connection to open, and for the welcome. */
export const openTimeoutMs = 10_000;

/** Opens the transport, one attempt at a time: which one, with which token, and when to try again. */
export class Connector {
  readonly link = new Link();
  /** Timers of the current attempt. */
  readonly timers: TimerSet;
  readonly #options: ConnectionOptions;
  readonly #deps: Pick<ConnectionDependencies, 'timers' | 'random' | 'transports'>;
  readonly #events: ConnectorEvents;
  readonly #choice = new TransportChoice();
  readonly #counter = new ReconnectCounter();
  readonly #tokenTimer: TimerSet;

  constructor(
    options: ConnectionOptions,
    dependencies: Pick<ConnectionDependencies, 'timers' | 'random' | 'transports'>,
    events: ConnectorEvents,
  ) {
    this.#options = options;
    this.#deps = dependencies;
    this.#events = events;
    this.timers = new TimerSet(dependencies.timers);
    this.#tokenTimer = new TimerSet(dependencies.timers);
  }

  /** Attempts since the last stable connection. */
  get attempt(): number {
    return this.#counter.attempt;
  }

  async begin(): Promise<void> {
    this.timers.cancelAll();
    const isCurrent = this.link.beginAttempt();
    this.#counter.begin();
    const { name } = this.#choice;
    this.#events.onOpening(name);
    this.timers.after(openTimeoutMs, () => this.#events.onClose({ code: 1006, reason: 'no answer' }));
    let token: string | null;
    try {
      token = await askToken(this.#options.token);
    } catch {
      if (isCurrent()) this.#events.onTokenUnavailable();
      return;
    }
    if (!isCurrent()) return;
    const { serverUrl, sessionId } = this.#options;
    const target = { serverUrl, sessionId, token };
    this.link.connect(this.#deps.transports[name], target, {
      open: () => this.#opened(name, token),
      message: (message) => this.#events.onMessage(message, name),
      close: (close) => this.#events.onClose(close),
    });
  }

  /** The attempt failed before the transport was open. */
  failed(transport: TransportName): void {
    this.#choice.failed(transport);
  }

  /** The server has welcomed this client. Over HTTP, a socket is tried again after a while. */
  ready(transport: TransportName): void {
    this.#counter.ready(this.#deps.timers.steadyMs());
    if (transport === 'socket') return;
    this.timers.after(this.#choice.httpTermMs, () => {
      this.#choice.retrySocket();
      this.#renew();
    });
  }

  /** Begins again after a delay. @returns the delay. */
  retryLater(): number {
    const delayMs = this.#counter.lost(this.#deps.timers.steadyMs(), this.#deps.random());
    this.timers.after(delayMs, () => void this.begin());
    return delayMs;
  }

  drop(): void {
    this.timers.cancelAll();
    this.#tokenTimer.cancelAll();
    this.link.drop();
  }

  #opened(name: TransportName, token: string | null): void {
    const { timers, random } = this.#deps;
    this.#choice.opened(name);
    this.timers.cancelAll();
    const refreshInMs = tokenRefreshDelayMs(this.#options.token, token, timers.nowMs(), random());
    if (refreshInMs !== null) this.#tokenTimer.after(refreshInMs, () => this.#renew());
    this.#events.onOpen(name);
  }

  #renew(): void {
    this.#events.onRenew();
    this.#counter.reset();
    void this.begin();
  }
}
