import { isObserved, notObservedReason } from '@invigil/protocol/frame';
import type { Features } from '@invigil/protocol/frame';
import type { LiveFrame, LiveFrameCoverage } from '@invigil/protocol/channels';
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { emptyTrace, stepTrace, traceSeconds } from './trace.ts';
import type { Trace } from './trace.ts';

export type Reading = Features & { timestamp: number };

/** A time in which a student is not observed. */
export interface ObservationGap {
  isBreak: boolean;
  /** Arrival of its first reading, on this device's clock. */
  sinceMs: number;
}

/** The content of a student's tile. */
export interface Live {
  features: Features | null;
  /** JPEG in base64. */
  thumbnail: string | null;
  /** When the newest reading arrived here, on this device's clock; null if none did. */
  receivedMs: number | null;
  trace: Trace;
  /** Of the whole session, by the server's clock; null until the server has sent it. */
  coverage: LiveFrameCoverage | null;
  /** Null while the student is observed, and before the first reading. */
  gap: ObservationGap | null;
}

export const noReadings: Live = {
  features: null,
  thumbnail: null,
  receivedMs: null,
  trace: emptyTrace,
  coverage: null,
  gap: null,
};

const gapAfter = (before: ObservationGap | null, features: Features, nowMs: number): ObservationGap | null => {
  if (isObserved(features)) return null;
  const isBreak = notObservedReason(features) === 'paused';
  return before?.isBreak === isBreak ? before : { isBreak, sinceMs: nowMs };
};

/** Maximum number of readings kept for the charts' time window. */
const maxHistory = 10 * traceSeconds;

/**
 * The readings of the watched students, one signal each, set once for all that arrived since the last animation frame.
 */
export class LiveReadings {
  readonly #live = new Map<string, Signal<Live>>();
  readonly #arrived = new Map<string, Live>();
  readonly #changed: () => void;
  #opened: string | null = null;
  #history: Reading[] = [];
  /** The last minute of the opened student. */
  readonly history = signal<readonly Reading[]>([]);
  /** Since when sessions have not been observed, breaks left out. */
  readonly unseenSince = signal<ReadonlyMap<string, number>>(new Map());
  #unseen = new Map<string, number>();

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  of(sessionId: string): Signal<Live> {
    const known = this.#live.get(sessionId) ?? signal(noReadings);
    this.#live.set(sessionId, known);
    return known;
  }

  open(sessionId: string | null): void {
    this.#opened = sessionId;
    this.#history = [];
    this.history.value = [];
  }

  receive(frames: readonly LiveFrame[], nowMs: number): void {
    for (const { sentinelId, features, data, coverage } of frames) {
      const before = this.#arrived.get(sentinelId) ?? this.of(sentinelId).peek();
      this.#arrived.set(sentinelId, {
        features: features ?? before.features,
        thumbnail: data ?? before.thumbnail,
        receivedMs: nowMs,
        coverage: coverage ?? before.coverage,
        gap: features === undefined ? before.gap : gapAfter(before.gap, features, nowMs),
        trace: features === undefined ? before.trace : stepTrace(before.trace, features, features.timestamp),
      });
      if (sentinelId === this.#opened && features !== undefined) this.#remember(features);
    }
    this.#changed();
  }

  /** Call it in a batch. */
  flush(): void {
    for (const [sessionId, live] of this.#arrived) {
      this.of(sessionId).value = live;
      this.#noteGap(sessionId, live.gap);
    }
    this.#arrived.clear();
    if (this.history.peek().at(-1) !== this.#history.at(-1)) this.history.value = [...this.#history];
  }

  #noteGap(sessionId: string, gap: ObservationGap | null): void {
    const sinceMs = gap === null || gap.isBreak ? undefined : gap.sinceMs;
    if (this.#unseen.get(sessionId) === sinceMs) return;
    this.#unseen = new Map(this.#unseen);
    if (sinceMs === undefined) this.#unseen.delete(sessionId);
    else this.#unseen.set(sessionId, sinceMs);
    this.unseenSince.value = this.#unseen;
  }

  #remember(reading: Reading): void {
    const last = this.#history.at(-1);
    if (last !== undefined && reading.timestamp <= last.timestamp) return;
    const fromMs = reading.timestamp - traceSeconds * 1000;
    this.#history = [...this.#history.filter(({ timestamp }) => timestamp >= fromMs), reading].slice(-maxHistory);
  }
}
