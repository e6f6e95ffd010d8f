import type { FeatureFrame } from '@invigil/protocol/frame';
import type { GuidanceMessage } from '@invigil/protocol/channels';
import type { RuleEvent } from '@invigil/protocol/rules';
import { IndexedOutboxStore } from '../outbox/indexed-outbox-store.ts';
import { MemoryOutboxStore } from '../outbox/memory-outbox-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import type { OutboxStore } from '../outbox/outbox-store.ts';
import type { FeatureReadings } from '../perception/feature-readings.ts';
import type { ThumbnailRequest } from '../thumbnails/thumbnail-sender.ts';
import { ProctorError } from '../errors/proctor-error.ts';
import type { ResolvedOptions } from '../proctor/options.ts';
import type { StopResult } from './stop-result.ts';
import { SessionTime } from '../outbox/session-time.ts';
import type { ClockRelation } from '../outbox/session-time.ts';
import type { Timers } from '../timing/timers.ts';
import { Connection } from './connection.ts';
import type { DeliveryState } from './delivery-state.ts';
import { unloadFlushMaxBytes, flushOnUnload } from './unload-flush.ts';
import { openHttpTransport } from './http-transport.ts';
import { acquireSessionLock } from './session-lock.ts';
import { sha256 } from './sha256.ts';
import { openSocketTransport } from './socket-transport.ts';
import { rememberToken } from './token-source.ts';

export interface DeliveryListeners {
  onState: (state: DeliveryState) => void;
  onError: (error: ProctorError) => void;
  onGuidance?: (message: GuidanceMessage) => void;
  onPictures?: (wish: ThumbnailRequest) => void;
}

export const notDelivering: DeliveryState = {
  state: 'waiting',
  reason: 'not_started',
  attempt: 0,
  retryAtMs: null,
  waitingFrames: 0,
  waitingBytes: 0,
  ackedSeq: null,
  chain: null,
  lost: {},
  clockOffsetMs: null,
  storage: null,
};

const openStore = async (
  sessionId: string,
  nowMs: number,
  onError: (error: ProctorError) => void,
): Promise<OutboxStore> => {
  try {
    return await IndexedOutboxStore.open(sessionId, nowMs);
  } catch (cause) {
    onError(new ProctorError('storage_unavailable', { cause, recoverable: true }));
    return new MemoryOutboxStore();
  }
};

/** Differences of a second are nothing to speak of. */
const notedFromMs = 1000;
/** A clock that is so wrong is worth telling the student of. */
const warnedFromMs = 60_000;

const corrected = (readings: FeatureReadings, byMs: number): FeatureReadings => {
  if (Math.abs(byMs) < notedFromMs) return readings;
  const violations = readings.page_violations?.map((one) => ({ ...one, timestamp: Math.max(0, one.timestamp + byMs) }));
  return { ...readings, page_violations: violations ?? null, clock_corrected_ms: byMs };
};

/** From a numbered frame to the server's acknowledgement, in one page. */
export class Delivery {
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #time: SessionTime;
  readonly #listeners: DeliveryListeners;
  readonly #release: () => void;
  readonly #pageListeners = new AbortController();
  readonly #stopReporting: () => void;

  private constructor(
    options: ResolvedOptions,
    timers: Timers,
    outbox: Outbox,
    listeners: DeliveryListeners,
    release: () => void,
  ) {
    this.#outbox = outbox;
    this.#listeners = listeners;
    this.#release = release;
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
        onPictures: (wish) => listeners.onPictures?.(wish),
        onRelated: (relation) => this.#related(relation),
        onRefused: (detail) => listeners.onError(new ProctorError('message_refused', { detail, recoverable: true })),
      },
    );
    // Counts change with each frame; the page needs them once a second.
    this.#stopReporting = timers.every(1000, () => this.#report());
    const { signal } = this.#pageListeners;
    addEventListener('online', () => this.#connection.wake(), { signal });
    addEventListener('pageshow', () => this.#connection.wake(), { signal });
    addEventListener(
      'pagehide',
      () => {
        void outbox.flush();
        flushOnUnload(outbox, { ...options, token: token.last() });
      },
      { signal },
    );
    document.addEventListener(
      'visibilitychange',
      () => {
        void outbox.flush();
        if (!document.hidden) this.#connection.wake();
      },
      { signal },
    );
  }

  /** Rejects with `session_open_elsewhere` when another tab has the session. */
  static async open(options: ResolvedOptions, timers: Timers, listeners: DeliveryListeners): Promise<Delivery> {
    const { sessionId, outboxMaxFrames, outboxMaxBytes } = options;
    const release = await acquireSessionLock(sessionId);
    if (release === null) throw new ProctorError('session_open_elsewhere');
    try {
      const store = await openStore(sessionId, timers.nowMs(), listeners.onError);
      const limits = { maxFrames: outboxMaxFrames, maxBytes: outboxMaxBytes, maxCachedBytes: unloadFlushMaxBytes };
      const outbox = await Outbox.open(store, limits, (cause) =>
        listeners.onError(new ProctorError('storage_unavailable', { cause, recoverable: true })),
      );
      return new Delivery(options, timers, outbox, listeners, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  get state(): DeliveryState {
    const { waitingFrames, waitingBytes, ackedSeq, lost, storage } = this.#outbox;
    const { state, clockOffsetMs, chainHead: chain } = this.#connection;
    return { ...state, waitingFrames, waitingBytes, ackedSeq, chain, lost, clockOffsetMs, storage };
  }

  connect(): void {
    this.#connection.open();
  }

  /** @param wallMs when the picture was taken, Unix epoch. @param monotonicMs the same on `performance.now()`. */
  record(readings: FeatureReadings, wallMs: number, monotonicMs: number): FeatureFrame {
    const { timestampMs, isDoubtful } = this.#time.stamp(wallMs, monotonicMs);
    const frame = this.#outbox.append(corrected(readings, this.#time.correctionMs), timestampMs);
    if (isDoubtful) this.#connection.relate();
    if ((readings.page_violations?.length ?? 0) > 0) this.#connection.hurry();
    return frame;
  }

  sendPicture(text: string): boolean {
    return this.#connection.sendPicture(text);
  }

  /** Keeps the frames around it, should the outbox overflow, and sends them without delay. */
  observed({ event, observation }: RuleEvent): void {
    this.#connection.hurry();
    this.#outbox.guard(observation.id, observation.from_ms, event === 'opened' ? null : observation.to_ms);
  }

  async #related(relation: ClockRelation | null): Promise<void> {
    const wrongMs = await this.#time.related(relation);
    if (Math.abs(wrongMs) < warnedFromMs) return;
    const detail = `off by ${Math.round(wrongMs / 1000)} s`;
    this.#listeners.onError(new ProctorError('clock_wrong', { detail, recoverable: true }));
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
    if (this.#pageListeners.signal.aborted) return;
    this.#pageListeners.abort();
    this.#stopReporting();
    this.#connection.close();
    await this.#outbox.close();
    this.#release();
    this.#report();
  }

  #report(): void {
    this.#listeners.onState(this.state);
  }
}
