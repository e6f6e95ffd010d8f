import type { ExamChanges, ExamPolicy } from '@invigil/protocol/channels';
import type { ExamSetupRecords } from '../records/exam-setup-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { Exam } from '../model/exam.ts';
import { withoutCredentials } from '../model/webhook-url.ts';
import { isoTime } from '../time/iso-time.ts';
import type { ExamEvents } from './exam-events.ts';
import { ExamRefusal, wrongStatus } from './exam-refusal.ts';
import type { Exams } from './exams.ts';

export interface ExamSetupOptions {
  exams: Exams;
  records: ExamSetupRecords;
  students: ExamStudentRecords;
  events: ExamEvents;
  now: () => number;
}

/** Students consent to the times and the policy, so both are fixed once the waiting room opens. */
const changeableLater = ['title', 'total_questions', 'teachers'] as const satisfies readonly (keyof ExamChanges)[];

/** A client that changes a policy sends the webhook address back as it read it, without its credentials. */
const withKeptCredentials = (policy: ExamPolicy, { webhook_url: known }: ExamPolicy): ExamPolicy =>
  known !== null && policy.webhook_url === withoutCredentials(known) ? { ...policy, webhook_url: known } : policy;

/** Changes to an exam after its creation. */
export class ExamSetup {
  readonly #options: ExamSetupOptions;

  constructor(options: ExamSetupOptions) {
    this.#options = options;
  }

  /** @throws ExamRefusal WRONG_STATUS for fields that cannot be changed after the waiting room was opened */
  async change(examId: string, changes: ExamChanges, actor: string): Promise<Exam> {
    const { exams, records } = this.#options;
    const fixed = Object.keys(changes).filter((name) => !changeableLater.some((allowed) => allowed === name));
    const statuses = fixed.length > 0 ? (['SCHEDULED'] as const) : (['SCHEDULED', 'WAITING', 'IN_PROGRESS'] as const);
    const { policy } = changes;
    const kept = policy === undefined ? {} : { policy: withKeptCredentials(policy, (await exams.get(examId)).policy) };
    if (!(await records.change(examId, { ...changes, ...kept }, statuses, { actor, at: this.#nowIso() }))) {
      const { status } = await exams.get(examId);
      throw wrongStatus(
        fixed.length > 0
          ? `${fixed.join(', ')} can be changed only while the exam is SCHEDULED; it is ${status}`
          : `the exam is ${status}`,
      );
    }
    this.#announce(examId);
    return exams.get(examId);
  }

  /** @throws ExamRefusal WRONG_STATUS if it is running, or a student has taken part */
  async delete(examId: string, actor: string): Promise<void> {
    const { exams, records } = this.#options;
    const { status } = await exams.get(examId);
    if (await records.delete(examId, { actor, at: this.#nowIso() })) return;
    throw wrongStatus(
      `an exam can be deleted only while it is SCHEDULED or CANCELLED, and only if no student has taken part; it is ${status}`,
    );
  }

  /** @throws ExamRefusal WRONG_STATUS if the student has taken part */
  async removeStudent(examId: string, studentId: string, actor: string): Promise<void> {
    await this.#options.exams.get(examId);
    const outcome = await this.#options.students.remove(examId, studentId, { actor, at: this.#nowIso() });
    if (outcome === 'unknown') throw new ExamRefusal('NOT_FOUND', 'this student is not enrolled in the exam');
    if (outcome === 'has_taken_part')
      throw wrongStatus('the student has taken part in the exam; erase their data instead');
    this.#announce(examId);
  }

  #announce(examId: string): void {
    const at = this.#nowIso();
    this.#options.events.toTeachers(examId, { type: 'exam_changed', session_id: examId, timestamp: at });
  }

  #nowIso(): string {
    return isoTime(this.#options.now());
  }
}
