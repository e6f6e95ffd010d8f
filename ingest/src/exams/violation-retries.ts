import type { Logger } from 'pino';
import type { SeenViolation } from './violation-times.ts';
import { ViolationTimes } from './violation-times.ts';

export interface ViolationRetriesOptions {
  /** Writes a session's violations; repeating it changes nothing. */
  write: (sessionId: string, seen: readonly SeenViolation[]) => Promise<void>;
  log: Logger;
}

const retryEveryMs = 5000;
/** For the whole process: an hour of two violations a second in fourteen sessions. */
const maxPending = 100_000;

/**
 * Violations whose frames are stored and acknowledged, but which could not be written because the records are unavailable. If there are
 * too many, or the process dies, the end of the session records them from its frames.
 */
export class ViolationRetries {
  readonly #options: ViolationRetriesOptions;
  readonly #pending = new Map<string, ViolationTimes>();
  readonly #timer: NodeJS.Timeout;
  #round: Promise<void> | null = null;

  constructor(options: ViolationRetriesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.retry(), retryEveryMs).unref();
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  add(sessionId: string, seen: readonly SeenViolation[]): void {
    let size = 0;
    for (const times of this.#pending.values()) size += times.size;
    if (size >= maxPending) {
      this.#options.log.warn({ event: 'violations.left_for_end', session_id: sessionId });
      return;
    }
    const times = this.#pending.get(sessionId) ?? new ViolationTimes();
    times.add(seen);
    this.#pending.set(sessionId, times);
  }

  /** Writes what is pending, session after session, until one fails. */
  retry(): Promise<void> {
    this.#round ??= this.#retry().finally(() => (this.#round = null));
    return this.#round;
  }

  /** Makes one last attempt. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
    await this.retry();
  }

  async #retry(): Promise<void> {
    for (const [sessionId, times] of this.#pending) {
      this.#pending.delete(sessionId);
      try {
        await this.#options.write(sessionId, times.all());
      } catch (error) {
        this.#options.log.warn({ event: 'violations.not_recorded', session_id: sessionId, error });
        this.add(sessionId, times.all());
        return;
      }
    }
  }
}
