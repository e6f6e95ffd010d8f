import { phaseOf } from '../time/phase-of.ts';

/**
 * A checkpoint is due after this many frames, or at the session's own moment in each period of this length. Without such moments, the
 * checkpoints of an exam, whose students all begin at once, would all be due in the same second.
 */
const dueFrames = 50;
const dueMs = 10_000;

/** The session's next moment after `nowMs`. */
const momentAfter = (sessionId: string, nowMs: number): number => {
  const sinceMoment = (((nowMs - phaseOf(sessionId) * dueMs) % dueMs) + dueMs) % dueMs;
  return nowMs + dueMs - sinceMoment;
};

/** Decides when a session's checkpoint is due: often enough that catching up from it is cheap. */
export class CheckpointSchedule {
  readonly #now: () => number;
  readonly #sessions = new Map<string, { frames: number; dueAtMs: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  stored(sessionId: string, frames: number): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) this.#sessions.set(sessionId, { frames, dueAtMs: momentAfter(sessionId, this.#now()) });
    else session.frames += frames;
  }

  /** Removes and returns the sessions whose checkpoint is due. */
  takeDue(): string[] {
    const nowMs = this.#now();
    const due = [...this.#sessions]
      .filter(([, { frames, dueAtMs }]) => frames >= dueFrames || nowMs >= dueAtMs)
      .map(([sessionId]) => sessionId);
    for (const sessionId of due) this.#sessions.delete(sessionId);
    return due;
  }

  forget(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }

  clear(): void {
    this.#sessions.clear();
  }
}

/** Whether an analysis is so far ahead of its checkpoint that a new one is worth saving. */
export const isFarAhead = (frames: number, checkpointFrames: number): boolean => frames - checkpointFrames >= dueFrames;
