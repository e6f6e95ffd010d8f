import type { Features } from '@invigil/protocol/frame';
import type { LiveFrame, LiveFrameCoverage } from '@invigil/protocol/channels';
import { signal } from '@preact/signals';
import type { Signal } from '@preact/signals';
import { emptyTrace, stepTrace, traceSeconds } from './trace.ts';
import type { Trace } from './trace.ts';

export type Reading = Features & { timestamp: number };

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
}

export const noReadings: Live = {
  features: null,
  thumbnail: null,
  receivedMs: null,
  trace: emptyTrace,
  coverage: null,
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
        trace: features === undefined ? before.trace : stepTrace(before.trace, features, features.timestamp),
      });
      if (sentinelId === this.#opened && features !== undefined) this.#remember(features);
    }
    this.#changed();
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
    const fromMs = reading.timestamp - traceSeconds * 1000;
    this.#history = [...this.#history.filter(({ timestamp }) => timestamp >= fromMs), reading].slice(-maxHistory);
  }
}
