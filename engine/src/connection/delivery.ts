import type { GuidanceMessage } from '@invigil/protocol/channels';
import type { Features } from '@invigil/protocol/frame';
import type { RuleEvent } from '@invigil/protocol/rules';
import { ProctorError } from '../errors/proctor-error.ts';
import type { ClientFrame, FrameStamp } from '../outbox/client-frame.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { SessionTime } from '../outbox/session-time.ts';
import type { ClockRelation } from '../outbox/session-time.ts';
import type { Moment } from '../timing/moment.ts';
import type { Timers } from '../timing/timers.ts';
import { Connection } from './connection.ts';
import type { PicturesMessage } from './connection-options.ts';
import type { DeliveryState } from './delivery-state.ts';
import { openHttpTransport } from './http-transport.ts';
import { openOutbox } from './open-outbox.ts';
import { watchPageLifecycle } from './page-lifecycle.ts';
import { acquireSessionLock, withoutLock } from './session-lock.ts';
import { sha256 } from './sha256.ts';
import { openSocketTransport } from './socket-transport.ts';
import type { StopResult } from './stop-result.ts';
import { rememberToken } from './token-source.ts';
import type { TokenSource } from './token-source.ts';
import type { ClientMessage } from './transport.ts';
import { flushOnUnload, unloadFlushMaxBytes } from './unload-flush.ts';

export interface DeliveryOptions {
  serverUrl: string;
  sessionId: string;
  token?: TokenSource;
  pictures: boolean;
  batchIntervalMs: number;
  outboxMaxFrames: number;
  outboxMaxBytes: number;
}

export interface DeliveryListeners {
  onState: (state: DeliveryState) => void;
  onError: (error: ProctorError) => void;
  onGuidance?: (message: GuidanceMessage) => void;
  onPictures?: (request: PicturesMessage | null) => void;
}

const reportPeriodMs = 1000;
/** The student is informed if the device clock is off by more than this. */
const clockWarningMs = 60_000;

/** Delivers frames from their numbering to the server's acknowledgement. */
export class Delivery {
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #time: SessionTime;
  readonly #listeners: DeliveryListeners;
  readonly #releaseLock: () => void;
  readonly #closed = new AbortController();
  readonly #stopReporting: () => void;

  private constructor(
    options: DeliveryOptions,
    timers: Timers,
    outbox: Outbox,
    listeners: DeliveryListeners,
    releaseLock: () => void,
  ) {
    this.#outbox = outbox;
    this.#listeners = listeners;
    this.#releaseLock = releaseLock;
    this.#time = new SessionTime(outbox, performance.now());
    const token = rememberToken(options.token);
    this.#connection = new Connection(
      { ...options, token: token.source },
      {
        outbox,
        timers,
        transports: { socket: openSocketTransport, http: openHttpTransport },
        digest: sha256,
        random: Math.random,
        onState: () => this.#report(),
        onGuidance: (message) => listeners.onGuidance?.(message),
        onPictures: (request) => listeners.onPictures?.(request),
        onRelated: (relation) => this.#relate(relation),
        onRefused: (detail) => listeners.onError(new ProctorError('message_refused', { detail, recoverable: true })),
      },
    );
    // Counts change with each frame; the page gets them once a second.
    this.#stopReporting = timers.every(reportPeriodMs, () => this.#report());
    watchPageLifecycle({
      onWake: () => this.#connection.wake(),
      onOffline: () => this.#connection.verify(),
      onMayLeave: () => void outbox.flush(),
      onUnload: () => flushOnUnload(outbox, { ...options, token: token.last() }),
      signal: this.#closed.signal,
    });
  }

  /** Rejects with `session_open_elsewhere` if another tab has the session. */
  static async open(options: DeliveryOptions, timers: Timers, listeners: DeliveryListeners): Promise<Delivery> {
    const { sessionId, outboxMaxFrames, outboxMaxBytes } = options;
    const releaseLock = await acquireSessionLock(sessionId);
    if (releaseLock === null) throw new ProctorError('session_open_elsewhere');
    try {
      const outbox = await openOutbox({
        sessionId,
        nowMs: timers.nowMs(),
        maxFrames: outboxMaxFrames,
        maxBytes: outboxMaxBytes,
        maxCachedBytes: unloadFlushMaxBytes,
        onError: listeners.onError,
      });
      return new Delivery(options, timers, outbox, listeners, releaseLock);
    } catch (error) {
      releaseLock();
      throw error;
    }
  }

  get state(): DeliveryState {
    const { waitingFrames, waitingBytes, ackedSeq, lost, storage } = this.#outbox;
    const { state, clockOffsetMs, chainHead: chain } = this.#connection;
    return { ...state, waitingFrames, waitingBytes, ackedSeq, chain, lost, clockOffsetMs, storage };
  }

  /** What the browser lacks, for the frames: 1 means missing. */
  get missing(): Pick<Features, 'storage_missing' | 'lock_missing'> {
    return {
      ...(this.#outbox.storage === 'memory' ? { storage_missing: 1 } : {}),
      ...(this.#releaseLock === withoutLock ? { lock_missing: 1 } : {}),
    };
  }

  connect(): void {
    this.#connection.open();
  }

  /**
   * Numbers, stores and sends the frame that `assemble` makes.
   * @param at when its image was taken.
   */
  record(at: Moment, assemble: (stamp: FrameStamp) => ClientFrame): ClientFrame {
    const stamp = this.#time.stamp(at);
    const frame = assemble(stamp);
    this.#outbox.append(frame);
    if (stamp.isUnconfirmed) this.#connection.queryClock();
    if ((frame.page_violations?.length ?? 0) > 0) this.#connection.hurry();
    return frame;
  }

  /** @returns false if it cannot be sent at once. */
  sendPicture(message: ClientMessage): boolean {
    return this.#connection.sendPicture(message);
  }

  /** Protects the observation's frames if the outbox overflows, and sends them without delay. */
  observed({ event, observation }: RuleEvent): void {
    this.#connection.hurry();
    this.#outbox.protect(observation.id, observation.from_ms, event === 'opened' ? null : observation.to_ms);
  }

  async drain(durationMs: number, nowMs: number): Promise<StopResult> {
    await this.#connection.drain(nowMs + durationMs);
    await this.close();
    return {
      delivered: this.#outbox.acknowledgedFrames,
      waiting: this.#outbox.waitingFrames,
      lost: this.#outbox.lostFrames,
      chain: this.#connection.chainHead,
    };
  }

  async close(): Promise<void> {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#stopReporting();
    this.#connection.close();
    await this.#outbox.close();
    this.#releaseLock();
    this.#report();
  }

  async #relate(relation: ClockRelation | null): Promise<void> {
    const errorMs = await this.#time.relate(relation);
    if (Math.abs(errorMs) < clockWarningMs) return;
    const detail = `off by ${Math.round(errorMs / 1000)} s`;
    this.#listeners.onError(new ProctorError('clock_wrong', { detail, recoverable: true }));
  }

  #report(): void {
    this.#listeners.onState(this.state);
  }
}
