/** A checkpoint is due after this many frames, or this long after the first frame that the last one does not cover. */
const dueFrames = 50;
const dueMs = 10_000;

/** Decides when a session's checkpoint is due: often enough that catching up from it is cheap. */
export class CheckpointSchedule {
  readonly #now: () => number;
  readonly #sessions = new Map<string, { frames: number; sinceMs: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  stored(sessionId: string, frames: number): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) this.#sessions.set(sessionId, { frames, sinceMs: this.#now() });
    else session.frames += frames;
  }

  /** Removes and returns the sessions whose checkpoint is due. */
  takeDue(): string[] {
    const nowMs = this.#now();
    const due = [...this.#sessions]
      .filter(([, { frames, sinceMs }]) => frames >= dueFrames || nowMs - sinceMs >= dueMs)
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
