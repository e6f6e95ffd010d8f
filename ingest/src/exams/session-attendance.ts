import type { Logger } from 'pino';
import type { Session } from '../model/session.ts';
import type { Attendance, Stay } from './attendance.ts';

/** Counts students whose proctoring session is connected as present in their exam. */
export class SessionAttendance {
  readonly #attendance: Attendance;
  readonly #log: Logger;

  constructor(attendance: Attendance, log: Logger) {
    this.#attendance = attendance;
    this.#log = log;
  }

  /** @returns call it when the connection is closed. */
  opened({ examId, memberId }: Session): () => void {
    if (examId === null || memberId === null) return () => undefined;
    const entering = this.#enter(examId, memberId);
    return () => void entering.then((stay) => stay?.leave());
  }

  /** Frames are accepted even if the exam cannot be notified. */
  async #enter(examId: string, userId: string): Promise<Stay | null> {
    try {
      const stay = await this.#attendance.enter({ examId, userId, isStudent: true, slot: null });
      stay.announce();
      return stay;
    } catch (error) {
      this.#log.warn({ event: 'attendance.failed', error });
      return null;
    }
  }
}
