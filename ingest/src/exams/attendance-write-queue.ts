import type { AttendanceRecords } from '../records/attendance-records.ts';
import type { AttendanceChange, AttendanceStep } from '../model/attendance-reducer.ts';

interface Waiting {
  step: AttendanceStep;
  resolve: (change: AttendanceChange) => void;
  reject: (error: unknown) => void;
}

/** In one go to the records. SQLite takes at most 32,766 values in a statement. */
const batch = 500;

/**
 * Writes comings and goings into the records, an exam's in their order. What comes while a write is under way goes together with the
 * next: a thousand students who come at once are a few writes, and one exam never holds more than one connection to the database.
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
