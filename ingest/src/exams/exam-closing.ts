import type { Logger } from 'pino';
import type { SessionRecords } from '../records/session-records.ts';
import type { Session } from '../model/session.ts';
import { systemActors } from '../model/system-actor.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import type { Exams } from './exams.ts';
import type { ExtraTime } from './extra-time.ts';

export interface ExamClosingOptions {
  exams: Exams;
  sessions: SessionRecords;
  ending: SessionEnding;
  extraTime: Pick<ExtraTime, 'sessionsPastTheirEnd'>;
  log: Logger;
}

const everyMs = 5000;
const batch = 50;
/** Each end writes a report and a dump. */
const atATime = 4;

/**
 * Ends the proctoring sessions that are still running in exams that are over. It reads the records rather than relying
 * on who completed the exam, so an interrupted end continues in the next round, on any replica.
 */
export class ExamClosing {
  readonly #options: ExamClosingOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | null = null;
  #again = false;

  constructor(options: ExamClosingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), everyMs).unref();
    this.look();
  }

  /** Starts a round now, or after the current one. */
  look(): void {
    if (this.#round !== null) {
      this.#again = true;
      return;
    }
    this.#round = this.#look()
      .catch((error: unknown) => this.#options.log.warn({ event: 'exams.closing_failed', error }))
      .finally(() => {
        this.#round = null;
        if (!this.#again) return;
        this.#again = false;
        this.look();
      });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#again = false;
    await this.#round;
  }

  async #look(): Promise<void> {
    const { exams, sessions, extraTime } = this.#options;
    await exams.completeOverdue();
    await this.#end(await extraTime.sessionsPastTheirEnd());
    for (;;) {
      const running = await sessions.runningInFinishedExams(batch);
      await this.#end(running);
      if (running.length < batch) return;
    }
  }

  async #end(running: readonly Session[]): Promise<void> {
    const { ending } = this.#options;
    for (let next = 0; next < running.length; next += atATime) {
      await Promise.all(
        running.slice(next, next + atATime).map((session) => ending.end(session, systemActors.examOver)),
      );
    }
  }
}
