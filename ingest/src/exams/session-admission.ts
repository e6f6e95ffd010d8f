import { isIssuedBefore } from '../auth/issued-before.ts';
import type { Principal } from '../model/principal.ts';
import type { ErasureRecords } from '../records/erasure-records.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { Exam } from '../model/exam.ts';
import { ExamRefusal, wrongStatus } from './exam-refusal.ts';
import { isOverFor } from './exam-end.ts';
import { isOver } from '../model/exam-status.ts';
import { isoTime } from '../time/iso-time.ts';

export interface SessionAdmissionOptions {
  exams: ExamRecords;
  students: ExamStudentRecords;
  erasures: Pick<ErasureRecords, 'erasedAt'>;
  /** Whether a student's session may create its exam. */
  allowsUnregisteredExams: boolean;
  now: () => number;
}

/** Whether a proctoring session may begin in an exam. The access table has already decided who may request it. */
export class SessionAdmission {
  readonly #options: SessionAdmissionOptions;

  constructor(options: SessionAdmissionOptions) {
    this.#options = options;
  }

  /**
   * Exams that an exam platform manages itself are unknown here; they are created with their first session. A teacher
   * who begins it becomes the exam's teacher. If a student begins it, the exam has no teacher until a teacher creates
   * it; if an admin begins it, no other user can take it over. Beginning a session for a student enrols that student.
   */
  async admit(examId: string, studentId: string, principal: Principal): Promise<void> {
    const { exams, students, allowsUnregisteredExams, now } = this.#options;
    const at = isoTime(now());
    const exam = await exams.find(examId);
    const student = await students.find(examId, studentId);
    if (student === null && principal.role === 'STUDENT') await this.#refuseErased(principal);
    if (exam === null) {
      if (principal.role === 'STUDENT' && !allowsUnregisteredExams) {
        throw new ExamRefusal('ACCESS_DENIED', 'this student is not enrolled in the exam');
      }
      await exams.createWithSession(examId, principal.role === 'STUDENT' ? null : principal, at);
    } else if (isOverFor(exam, student?.extraMinutes ?? 0, now())) {
      throw wrongStatus(isOver(exam.status) ? `the exam is ${exam.status}` : 'this student’s time is up');
    }
    if (exam !== null && isManaged(exam) && principal.role === 'STUDENT') {
      if (student === null) throw new ExamRefusal('ACCESS_DENIED', 'this student is not enrolled in the exam');
      if (exam.status === 'SCHEDULED') throw wrongStatus('the exam is SCHEDULED; it is not open yet');
    }
    if (student === null) await students.enrol(examId, [{ id: studentId, name: null }], at);
  }

  /** A token from before the erasure of its user must not create data about them again. */
  async #refuseErased(principal: Principal): Promise<void> {
    const erasedAt = await this.#options.erasures.erasedAt(principal.userId);
    if (erasedAt === null || !isIssuedBefore(principal, Date.parse(erasedAt))) return;
    throw new ExamRefusal(
      'ACCESS_DENIED',
      'this token is from before its user’s data was erased; sign in again to get a new one',
    );
  }
}

const isManaged = (exam: Exam): boolean => exam.createdBy !== null;
