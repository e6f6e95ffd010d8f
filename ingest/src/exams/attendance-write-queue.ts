import type { AttendanceRecords, ExamAttendanceStep } from '../records/attendance-records.ts';
import type { AttendanceChange, AttendanceStep } from '../model/attendance-reducer.ts';
import { monotonicMs } from '../time/monotonic-time.ts';

interface Waiting extends ExamAttendanceStep {
  resolve: (change: AttendanceChange) => void;
  reject: (error: unknown) => void;
}

/** Rows per statement; few enough for SQLite, which allows 32,766 values. */
const batch = 500;
/** While a crowd comes or goes, writes begin at most this often. */
const crowdEveryMs = 25;

/**
 * Writes arrivals and departures to the records, in order. Changes that arrive during a write, or shortly after it began, are batched into
 * the next one: a thousand students who arrive at once cost a few writes, whatever their exams, and use one database connection.
 */
export class AttendanceWriteQueue {
  readonly #records: Pick<AttendanceRecords, 'change'>;
  #waiting: Waiting[] = [];
  #isWorking = false;

  constructor(records: Pick<AttendanceRecords, 'change'>) {
    this.#records = records;
  }

  take(examId: string, step: AttendanceStep): Promise<AttendanceChange> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ examId, step, resolve, reject });
      if (!this.#isWorking) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) {
      const beganMs = monotonicMs();
      await this.#write(this.#waiting.splice(0, batch));
      // A full batch means that more is waiting than this pause would gather.
      const restMs = crowdEveryMs - (monotonicMs() - beganMs);
      if (this.#waiting.length < batch && restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    this.#isWorking = false;
  }

  async #write(steps: readonly Waiting[]): Promise<void> {
    try {
      const changes = await this.#records.change(steps);
      for (const [index, change] of changes.entries()) steps[index]?.resolve(change);
    } catch (error) {
      for (const { reject } of steps) reject(error);
    }
  }
}
