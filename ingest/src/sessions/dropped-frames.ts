import { randomUUID } from 'node:crypto';
import type { FrameStore } from '../frames/frame-store.ts';
import type { LateFrames } from './late-frames.ts';

/** Frames that arrived at the same time, by the clock that the replicas share. */
interface Arrivals {
  arrivedMs: number;
  count: number;
}

interface Dropped {
  /** Frames that are not written yet, in order of arrival. */
  arrivals: Arrivals[];
  /** A write whose answer did not arrive: the total that it wrote, and the frames in it. */
  unanswered: { total: number; arrivals: readonly Arrivals[] } | null;
  /** Records the count of an ended session; null once that is done. */
  record: (() => Promise<void>) | null;
  timer: NodeJS.Timeout | undefined;
  /** Runs writes one at a time. */
  writing: Promise<void>;
}

/** Longest time before a count is written. */
const writeAfterMs = 1000;
/** After a failed write. */
const retryAfterMs = 5000;
/** Bounds the memory for one session during an outage of the store: later frames count as arrived at the last of these times. */
const maxTimes = 200;

const countOf = (arrivals: readonly Arrivals[]): number => arrivals.reduce((sum, { count }) => sum + count, 0);

/** @param written a copy of the list's beginning, made before its last count increased */
const without = (arrivals: readonly Arrivals[], written: readonly Arrivals[]): Arrivals[] =>
  arrivals
    .map(({ arrivedMs, count }, index) => ({ arrivedMs, count: count - (written[index]?.count ?? 0) }))
    .filter(({ count }) => count > 0);

/**
 * Counts the frames without a number that a session's rate limit drops. Their client does not send them again, so they are recorded as lost. The
 * store keeps a running total of each process, which is written at most once a second.
 */
export class DroppedFrames {
  /** Nothing else writes under this name, so a total that was read stays true until the next write. */
  readonly #writer = randomUUID();
  readonly #frames: Pick<FrameStore, 'append' | 'stateOf'>;
  readonly #late: Pick<LateFrames, 'checked' | 'refuseUnnumbered'>;
  /** Sessions with frames that are not written yet. */
  readonly #sessions = new Map<string, Dropped>();
  #closed = false;

  constructor(frames: Pick<FrameStore, 'append' | 'stateOf'>, late: Pick<LateFrames, 'checked' | 'refuseUnnumbered'>) {
    this.#frames = frames;
    this.#late = late;
  }

  add(sessionId: string, arrivedMs: number): void {
    const dropped = this.#sessions.get(sessionId) ?? {
      arrivals: [],
      unanswered: null,
      record: null,
      timer: undefined,
      writing: Promise.resolve(),
    };
    this.#sessions.set(sessionId, dropped);
    const last = dropped.arrivals.at(-1);
    if (last !== undefined && (last.arrivedMs === arrivedMs || dropped.arrivals.length >= maxTimes)) last.count += 1;
    else dropped.arrivals.push({ arrivedMs, count: 1 });
    this.#writeAfter(writeAfterMs, sessionId, dropped);
  }

  /** Writes a session's count now. */
  async flush(sessionId: string): Promise<void> {
    const dropped = this.#sessions.get(sessionId);
    if (dropped !== undefined) await this.#write(sessionId, dropped);
  }

  /** Writes all counts. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions].map(([sessionId, dropped]) => this.#write(sessionId, dropped)));
  }

  #writeAfter(ms: number, sessionId: string, dropped: Dropped): void {
    if (!this.#closed) dropped.timer ??= setTimeout(() => void this.#write(sessionId, dropped), ms).unref();
  }

  #write(sessionId: string, dropped: Dropped): Promise<void> {
    clearTimeout(dropped.timer);
    dropped.timer = undefined;
    dropped.writing = dropped.writing
      .then(() => this.#writeNow(sessionId, dropped))
      .then(
        () => {
          const isDone = dropped.arrivals.length === 0 && this.#sessions.get(sessionId) === dropped;
          if (isDone) this.#sessions.delete(sessionId);
        },
        () => this.#writeAfter(retryAfterMs, sessionId, dropped),
      );
    return dropped.writing;
  }

  async #writeNow(sessionId: string, dropped: Dropped): Promise<void> {
    if (dropped.arrivals.length > 0) await this.#count(sessionId, dropped);
    await dropped.record?.();
    dropped.record = null;
  }

  async #count(sessionId: string, dropped: Dropped): Promise<void> {
    const before = (await this.#frames.stateOf(sessionId)).dropped[this.#writer] ?? 0;
    const { unanswered } = dropped;
    dropped.unanswered = null;
    if (unanswered !== null && before >= unanswered.total) {
      dropped.arrivals = without(dropped.arrivals, unanswered.arrivals);
    }
    const arrivals = dropped.arrivals.map((arrival) => ({ ...arrival }));
    if (arrivals.length === 0) return;
    const total = before + countOf(arrivals);
    dropped.unanswered = { total, arrivals };
    const intake = { frames: [], lost: [], lossTotals: {}, dropped: { writer: this.#writer, total }, chain: null };
    const result = await this.#late.checked(sessionId, await this.#frames.append(sessionId, intake));
    if (result.status === 'sealed') dropped.record = await this.#late.refuseUnnumbered(sessionId, arrivals, result);
    // Before the records, which may fail: refused again, the frames would count twice.
    dropped.arrivals = without(dropped.arrivals, arrivals);
    dropped.unanswered = null;
  }
}
