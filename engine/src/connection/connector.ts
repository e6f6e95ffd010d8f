import { closeCodes, isOwnReason } from '@invigil/protocol/channels';
import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { TimerSet } from '../timing/timer-set.ts';
import type { ConnectionDependencies, ConnectionOptions } from './connection-options.ts';
import type { TransportName } from './delivery-state.ts';
import { Link } from './link.ts';
import { defaultReconnectPolicy, ReconnectCounter } from './reconnect-policy.ts';
import { askToken, tokenRefreshDelayMs } from './token-source.ts';
import { TransportLadder } from './transport-ladder.ts';
import type { TransportStep } from './transport-ladder.ts';
import type { TransportClose } from './transport.ts';

export interface ConnectorEvents {
  onOpening(transport: TransportName): void;
  onOpen(transport: TransportName): void;
  onMessage(message: ServerSessionMessage, transport: TransportName): void;
  onClose(close: TransportClose): void;
  onTokenUnavailable(): void;
  /** A working connection is about to be replaced; `drop` it. */
  onRenew(): void;
  /** Whether a batch has waited long for its acknowledgement. */
  isHeldBack(): boolean;
}

/** For the connection to open, and for the welcome. */
export const openTimeoutMs = 10_000;

/** When the page has no token for the next connection, it is asked again after this. */
const renewAgainMs = 5000;
/** An attempt that failed later than this was waiting for an answer. */
const slowFailureMs = openTimeoutMs / 2;

/** The codes below 4000 with which the server closes; a proxy may use them too. */
const sharedCodes: ReadonlySet<number> = new Set([
  closeCodes.goingAway.code,
  closeCodes.policyViolation.code,
  closeCodes.internalError.code,
  closeCodes.tryAgainLater.code,
]);

/** Opens the transport, one attempt at a time: which one, with which token, and when to try again. */
export class Connector {
  readonly link = new Link();
  /** Timers of the current attempt. */
  readonly timers: TimerSet;
  readonly #options: ConnectionOptions;
  readonly #deps: Pick<ConnectionDependencies, 'timers' | 'random' | 'transports'>;
  readonly #events: ConnectorEvents;
  readonly #ladder = new TransportLadder();
  readonly #counter = new ReconnectCounter();
  readonly #tokenTimer: TimerSet;
  #step: TransportStep = this.#ladder.step;
  /** A server message arrived through the current transport. */
  #isHeard = false;
  /** The server acknowledged frames that came through it. */
  #isAcknowledged = false;
  /** The last acknowledgement was for other frames than those of a batch that waits: the network holds large messages. */
  #isHoldingBack = false;
  /** When the current attempt began, on the steady clock. */
  #begunMs = 0;
  /** On the steady clock; null before the welcome. */
  #readySinceMs: number | null = null;
  /** Whether the page is being asked for a token for the connection that follows the current one. */
  #isRenewing: () => boolean = () => false;
  /** When a better transport is tried, on the steady clock; also after a renewal. Null while none is better. */
  #probeDueMs: number | null = null;

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

  /** Limit for one batch on the current transport. */
  get maxBatchBytes(): number {
    return this.#step.maxBatchBytes;
  }

  /** Time since the welcome. */
  get #lifeMs(): number {
    return this.#readySinceMs === null ? 0 : this.#deps.timers.steadyMs() - this.#readySinceMs;
  }

  async begin(): Promise<void> {
    const isCurrent = this.#beginAttempt();
    let token: string | null;
    try {
      token = await askToken(this.#options.token);
    } catch {
      if (isCurrent()) this.#events.onTokenUnavailable();
      return;
    }
    if (isCurrent()) this.#connect(token);
  }

  #beginAttempt(): () => boolean {
    this.timers.cancelAll();
    const isCurrent = this.link.beginAttempt();
    this.#counter.begin();
    this.#step = this.#ladder.step;
    this.#isHeard = false;
    this.#isAcknowledged = false;
    this.#isHoldingBack = false;
    this.#readySinceMs = null;
    this.#events.onOpening(this.#step.transport);
    return isCurrent;
  }

  /** The server has welcomed this client. A better transport than this one is tried after a while. */
  ready(): void {
    const { timers } = this.#deps;
    this.#readySinceMs = timers.steadyMs();
    this.#counter.ready(this.#readySinceMs);
    const { probeAfterMs } = this.#ladder;
    if (probeAfterMs === null) return;
    this.#probeDueMs ??= this.#readySinceMs + probeAfterMs;
    this.timers.after(this.#probeDueMs - this.#readySinceMs, () => {
      void this.#renew();
    });
  }

  /** Whether the server itself decided to close. A close by a proxy, filter or captive portal is retried. */
  isFromServer({ code, reason, fromServer = false }: TransportClose): boolean {
    if (fromServer) return true;
    // Gateways have numbers of their own from 4000 on.
    if (code >= 4000) return this.#isHeard || isOwnReason(reason);
    return this.#isHeard && sharedCodes.has(code);
  }

  /** The connection was lost, or never established. @param isIdle nothing needed an acknowledgement. */
  lost(close: TransportClose, isIdle: boolean): void {
    this.#probeDueMs = null;
    if (this.isFromServer(close)) return;
    const isProgressing = (this.#isAcknowledged || isIdle) && !this.#isHoldingBack;
    if (isProgressing && this.#lifeMs >= defaultReconnectPolicy.stableAfterMs) this.#ladder.proved();
    else this.#ladder.failed(this.#isHeard, this.#deps.timers.steadyMs() - this.#begunMs > slowFailureMs);
  }

  /** Starts again after a delay. @returns the delay. */
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

  #connect(token: string | null): void {
    const { transport, compressed } = this.#step;
    const { serverUrl, sessionId } = this.#options;
    // The time that the page takes for a token says nothing about the network.
    this.#begunMs = this.#deps.timers.steadyMs();
    this.timers.after(openTimeoutMs, () => this.#events.onClose({ code: 1006, reason: 'no answer' }));
    this.link.connect(
      this.#deps.transports[transport],
      { serverUrl, sessionId, token, compressed },
      {
        open: () => this.#opened(transport, token),
        message: (message) => {
          this.#isHeard = true;
          this.#events.onMessage(message, transport);
          if (message.type === 'ack') this.#acknowledged();
        },
        close: (close) => this.#events.onClose(close),
      },
    );
  }

  #opened(name: TransportName, token: string | null): void {
    const { timers, random } = this.#deps;
    this.timers.cancelAll();
    const refreshInMs = tokenRefreshDelayMs(this.#options.token, token, timers.nowMs(), random());
    if (refreshInMs !== null) this.#tokenTimer.after(refreshInMs, () => void this.#renew());
    this.#events.onOpen(name);
  }

  /** Called once the sender has the acknowledgement, which may be the one that a held-back batch waited for. */
  #acknowledged(): void {
    this.#isHoldingBack = this.#events.isHeldBack();
    if (this.#isHoldingBack) return;
    this.#isAcknowledged = true;
    if (this.#lifeMs >= defaultReconnectPolicy.stableAfterMs) this.#ladder.proved();
  }

  /** Replaces the connection, by a better transport if it is time for one, once the page has a token for it. Until then this one works. */
  async #renew(): Promise<void> {
    // The token and the transport may be due together.
    if (this.#isRenewing()) return;
    const isCurrent = this.link.isCurrent();
    this.#isRenewing = isCurrent;
    let token: string | null;
    try {
      token = await askToken(this.#options.token);
    } catch {
      if (isCurrent()) {
        this.#tokenTimer.cancelAll();
        this.#tokenTimer.after(renewAgainMs, () => void this.#renew());
      }
      return;
    } finally {
      this.#isRenewing = () => false;
    }
    if (!isCurrent()) return;
    this.#events.onRenew();
    this.#counter.reset();
    if (this.#probeDueMs !== null && this.#deps.timers.steadyMs() >= this.#probeDueMs) {
      this.#probeDueMs = null;
      this.#ladder.probe();
    }
    const isNext = this.#beginAttempt();
    if (isNext()) this.#connect(token);
  }
}
