import type { ViolationType } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';

/** Two violations of the same type and student within this time count as one. */
export const violationIntervalMs = 1000;
/**
 * A page may report a violation both over REST and in a frame. Two of the same type and student within this time, one each way, count as one: a
 * frame holds the time of detection, a request only that of its arrival.
 */
export const violationMatchMs = 3000;

export interface SeenViolation {
  type: ViolationType;
  atMs: number;
}

/** The violations inside stored frames. */
export const violationsIn = (frames: readonly StoredFrame[]): SeenViolation[] =>
  frames.flatMap((frame) =>
    (frame.page_violations ?? []).map(({ type, timestamp }) => ({
      type,
      // A violation cannot be detected after it arrived; if its time is later, the client's clock is ahead.
      atMs: Math.min(timestamp, frame.received_at),
    })),
  );

const spaced = (times: readonly number[]): number[] => {
  const kept: number[] = [];
  for (const atMs of times.toSorted((a, b) => a - b)) {
    if (atMs - (kept.at(-1) ?? -Infinity) >= violationIntervalMs) kept.push(atMs);
  }
  return kept;
};

/**
 * One session's violations, at most one a second of each type. Times before `earliestMs` are moved to it, so a session of one hour
 * has at most 3,660 of a type, regardless of the times that its page sends.
 */
export class ViolationTimes {
  readonly #earliestMs: number;
  readonly #byType = new Map<ViolationType, number[]>();

  /** @param earliestMs server clock, milliseconds */
  constructor(earliestMs = -Infinity) {
    this.#earliestMs = earliestMs;
  }

  get size(): number {
    let size = 0;
    for (const times of this.#byType.values()) size += times.length;
    return size;
  }

  add(seen: readonly SeenViolation[]): void {
    const found = new Map<ViolationType, number[]>();
    for (const { type, atMs } of seen) {
      const times = found.get(type) ?? [...(this.#byType.get(type) ?? [])];
      times.push(Math.max(atMs, this.#earliestMs));
      found.set(type, times);
    }
    for (const [type, times] of found) this.#byType.set(type, spaced(times));
  }

  /** The times of each type, ascending. */
  byType(): ReadonlyMap<ViolationType, readonly number[]> {
    return this.#byType;
  }

  all(): SeenViolation[] {
    return [...this.#byType].flatMap(([type, times]) => times.map((atMs) => ({ type, atMs })));
  }
}
