import type { AttendanceRecords } from '../records/attendance-records.ts';
import type { AttendanceChange, AttendanceStep } from '../model/attendance-reducer.ts';

interface Waiting {
  step: AttendanceStep;
  resolve: (change: AttendanceChange) => void;
  reject: (error: unknown) => void;
}

/** Rows per statement; few enough for SQLite, which allows 32,766 values. */
const batch = 500;

/**
 * Writes arrivals and departures to the records, in order for each exam. Changes that arrive during a write are batched
 * into the next one: a thousand students who arrive at once cost a few writes, and one exam never uses more than one
 * database connection.
 */
export class AttendanceWriteQueue {
  readonly #records: AttendanceRecords;
  readonly #queues = new Map<string, Waiting[]>();

  constructor(records: AttendanceRecords) {
    this.#records = records;
  }

  take(examId: string, step: AttendanceStep): Promise<AttendanceChange> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { step, resolve, reject };
      const queue = this.#queues.get(examId);
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      this.#queues.set(examId, [waiting]);
      void this.#work(examId);
    });
  }

  async #work(examId: string): Promise<void> {
    for (;;) {
      const next = this.#queues.get(examId)?.splice(0, batch) ?? [];
      if (next.length === 0) break;
      try {
        const changes = await this.#records.change(
          examId,
          next.map(({ step }) => step),
        );
        for (const [index, change] of changes.entries()) next[index]?.resolve(change);
      } catch (error) {
        for (const { reject } of next) reject(error);
      }
    }
    this.#queues.delete(examId);
  }
}
