import { FairQueue } from '../budget/fair-queue.ts';

/** About 30 frames. A page that sends frames as it records them stays below this. */
const largeBytes = 16_384;
/** A session whose large message was handled waits this multiple of the time that it took before its next one starts. */
const restPerWork = 3;
const maxRestMs = 500;
/** Large messages of one session that wait: one for each connection that a user may have, and as many requests. */
const maxWaiting = 64;

/**
 * Large messages of one session are handled one at a time, over all of its connections, with a rest after each: a session that catches up
 * after an outage, or floods, leaves most of the process to the others. Sessions take turns.
 */
export class LargeMessageTurns {
  readonly #queue = new FairQueue({ running: 1, waiting: maxWaiting });

  /** Waits until it is the session's turn; a small message need not wait. @returns the result, or null if too many wait */
  async run<Result>(sessionId: string, bytes: number, work: () => Promise<Result>): Promise<Result | null> {
    if (bytes < largeBytes) return await work();
    const end = await this.#queue.enter(sessionId);
    if (end === null) return null;
    const startedMs = performance.now();
    try {
      return await work();
    } finally {
      const restMs = (performance.now() - startedMs) * restPerWork;
      setTimeout(end, Math.min(restMs, maxRestMs)).unref();
    }
  }
}
