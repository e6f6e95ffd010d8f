import { emptyMinute, mergeMinutes, minuteFromText, minuteSeconds, stepMinute } from '@invigil/protocol/frame';
import type { Features, RecentMinute } from '@invigil/protocol/frame';
import type { LiveFrame, LiveFrameCoverage, UnobservedReason, UnobservedSentinel } from '@invigil/protocol/channels';
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';

export type Reading = Features & { timestamp: number };

/** A time in which the server does not observe a connected student. */
export interface ObservationGap {
  reason: UnobservedReason;
  /** The server's clock, milliseconds since the Unix epoch. */
  sinceMs: number;
}

/** The content of a student's tile. */
export interface Live {
  features: Features | null;
  /** JPEG in base64. */
  thumbnail: string | null;
  /** When the newest reading arrived here, on this device's clock; null if none did. */
  receivedMs: number | null;
  /** How the student was observed in the last minute. */
  minute: RecentMinute;
  /** Of the whole session, by the server's clock; null until the server has sent it. */
  coverage: LiveFrameCoverage | null;
}

export const noReadings: Live = {
  features: null,
  thumbnail: null,
  receivedMs: null,
  minute: emptyMinute,
  coverage: null,
};

/** The server's record of the last minute fills the time before this page began to watch. */
const minuteAfter = (before: RecentMinute, { features, recent }: LiveFrame): RecentMinute => {
  const known = recent === undefined ? before : mergeMinutes(before, minuteFromText(recent.cells, recent.until));
  return features === undefined ? known : stepMinute(known, features, features.timestamp);
};

/** Maximum number of readings kept for the charts' time window. */
const maxHistory = 10 * minuteSeconds;

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
  /** The connected sessions that the server does not observe now. */
  readonly gaps = signal<ReadonlyMap<string, ObservationGap>>(new Map());

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
    for (const frame of frames) {
      const { sentinelId, features, data, coverage } = frame;
      const before = this.#arrived.get(sentinelId) ?? this.of(sentinelId).peek();
      this.#arrived.set(sentinelId, {
        features: features ?? before.features,
        thumbnail: data ?? before.thumbnail,
        receivedMs: nowMs,
        coverage: coverage ?? before.coverage,
        minute: minuteAfter(before.minute, frame),
      });
      if (sentinelId === this.#opened && features !== undefined) this.#remember(features);
    }
    this.#changed();
  }

  /** Replaces the list of sessions that are not observed. */
  receiveUnobserved(sentinels: readonly UnobservedSentinel[]): void {
    this.gaps.value = new Map(
      sentinels.map(({ sentinelId, since, reason }) => [sentinelId, { reason, sinceMs: since * 1000 }]),
    );
  }

  /** Adds readings from before this student was opened. */
  addEarlier(sessionId: string, earlier: readonly Reading[]): void {
    if (sessionId !== this.#opened) return;
    const firstMs = this.#history[0]?.timestamp ?? Infinity;
    this.#history = [...earlier.filter(({ timestamp }) => timestamp < firstMs), ...this.#history].slice(-maxHistory);
    this.history.value = [...this.#history];
  }

  /** Call it in a batch. */
  flush(): void {
    for (const [sessionId, live] of this.#arrived) this.of(sessionId).value = live;
    this.#arrived.clear();
    if (this.history.peek().at(-1) !== this.#history.at(-1)) this.history.value = [...this.#history];
  }

  #remember(reading: Reading): void {
    const last = this.#history.at(-1);
    if (last !== undefined && reading.timestamp <= last.timestamp) return;
    const fromMs = reading.timestamp - minuteSeconds * 1000;
    this.#history = [...this.#history.filter(({ timestamp }) => timestamp >= fromMs), reading].slice(-maxHistory);
  }
}
