import type { AttendanceRecords, ExamAttendanceStep } from '../records/attendance-records.ts';
import type { AttendanceChange, AttendanceStep } from '../model/attendance-reducer.ts';
import { groupBy } from '../records/group-by.ts';
import { monotonicMs } from '../time/monotonic-time.ts';

interface Waiting extends ExamAttendanceStep {
  resolve: (change: AttendanceChange) => void;
  reject: (error: unknown) => void;
}

/** So many exams that fail on their own are an outage; the others would only wait for the same timeouts, one after the other. */
const outageFailures = 2;

const rejectAll = (steps: readonly Waiting[], error: unknown): void => {
  for (const { reject } of steps) reject(error);
};

/** Rows per statement; few enough for SQLite, which allows 32,766 values. */
const batch = 500;
/** While a crowd comes or goes, writes begin at most this often. */
const crowdEveryMs = 25;

/**
 * Writes arrivals and departures to the records, in order. Changes that arrive during a write, or shortly after it began, are batched into
 * the next one: a thousand students who arrive at once cost a few writes, whatever their exams, and use one database connection. If a write of
 * several exams fails, each of them is written once more on its own, so that one exam's failure does not affect the
 * others.
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
      await this.#writeBatch(this.#waiting.splice(0, batch));
      // A full batch means that more is waiting than this pause would gather.
      const restMs = crowdEveryMs - (monotonicMs() - beganMs);
      if (this.#waiting.length < batch && restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
    this.#isWorking = false;
  }

  async #writeBatch(steps: readonly Waiting[]): Promise<void> {
    const ofExams = [...groupBy(steps, ({ examId }) => examId).values()];
    try {
      await this.#write(steps);
    } catch (error) {
      if (ofExams.length === 1) return rejectAll(steps, error);
      await this.#writeEach(ofExams);
    }
  }

  async #writeEach(ofExams: readonly (readonly Waiting[])[]): Promise<void> {
    const failures: unknown[] = [];
    for (const ofExam of ofExams) {
      if (failures.length === outageFailures) rejectAll(ofExam, failures[0]);
      else {
        await this.#write(ofExam).catch((error: unknown) => {
          failures.push(error);
          rejectAll(ofExam, error);
        });
      }
    }
  }

  async #write(steps: readonly Waiting[]): Promise<void> {
    const changes = await this.#records.change(steps);
    for (const [index, change] of changes.entries()) steps[index]?.resolve(change);
  }
}
