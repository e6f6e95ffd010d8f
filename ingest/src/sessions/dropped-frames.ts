import { LRUCache } from 'lru-cache';
import type { FrameStore } from '../frames/frame-store.ts';
import type { LateFrames } from './late-frames.ts';

interface Dropped {
  /** Losses that were recorded before the first frame was dropped here; null: not read yet. */
  before: number | null;
  written: number;
  /** When the frames that are not written yet arrived, by the clock that the replicas share. */
  arrivals: number[];
  timer: NodeJS.Timeout | undefined;
  /** Runs writes one at a time. */
  writing: Promise<void>;
}

/** Longest time before a count is written. */
const writeAfterMs = 1000;

/**
 * Counts the frames without a number that a session's rate limit drops. Their client does not send them again, so they are recorded as lost. The
 * store keeps a running total, which is written at most once a second.
 */
export class DroppedFrames {
  readonly #frames: Pick<FrameStore, 'append' | 'stateOf'>;
  readonly #late: LateFrames;
  readonly #sessions = new LRUCache<string, Dropped>({ max: 10_000 });

  constructor(frames: Pick<FrameStore, 'append' | 'stateOf'>, late: LateFrames) {
    this.#frames = frames;
    this.#late = late;
  }

  add(sessionId: string, arrivedMs: number): void {
    const dropped = this.#sessions.get(sessionId) ?? {
      before: null,
      written: 0,
      arrivals: [],
      timer: undefined,
      writing: Promise.resolve(),
    };
    this.#sessions.set(sessionId, dropped);
    dropped.arrivals.push(arrivedMs);
    dropped.timer ??= setTimeout(() => void this.#write(sessionId, dropped), writeAfterMs).unref();
  }

  /** Writes a session's count now. */
  async flush(sessionId: string): Promise<void> {
    const dropped = this.#sessions.get(sessionId);
    if (dropped !== undefined) await this.#write(sessionId, dropped);
  }

  /** Writes all counts. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map(([sessionId, dropped]) => this.#write(sessionId, dropped)));
  }

  #write(sessionId: string, dropped: Dropped): Promise<void> {
    clearTimeout(dropped.timer);
    dropped.timer = undefined;
    // A count that could not be written is part of the next one.
    dropped.writing = dropped.writing.then(() => this.#writeTotal(sessionId, dropped)).catch(() => undefined);
    return dropped.writing;
  }

  async #writeTotal(sessionId: string, dropped: Dropped): Promise<void> {
    const arrivals = [...dropped.arrivals];
    if (arrivals.length === 0) return;
    // Another replica, or this one before it restarted, may have dropped frames of the session.
    dropped.before ??= (await this.#frames.stateOf(sessionId)).losses.rejected ?? 0;
    const rejected = dropped.before + dropped.written + arrivals.length;
    const intake = { frames: [], lost: [], lossTotals: { rejected }, chain: null };
    const result = await this.#late.checked(sessionId, await this.#frames.append(sessionId, intake));
    if (result.status === 'sealed') await this.#late.refuseUnnumbered(sessionId, arrivals, result);
    else dropped.written += arrivals.length;
    dropped.arrivals.splice(0, arrivals.length);
  }
}
