import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';

export interface ExamMember {
  role: 'student' | 'teacher';
  /** Null if the records have none. */
  name: string | null;
}

/** Who takes part in an exam: enrolled students, and teachers. */
export class ExamMembers {
  readonly #exams: ExamRecords;
  readonly #students: ExamStudentRecords;

  constructor(exams: ExamRecords, students: ExamStudentRecords) {
    this.#exams = exams;
    this.#students = students;
  }

  async find(examId: string, memberId: string): Promise<ExamMember | null> {
    const student = await this.#students.find(examId, memberId);
    // A teacher who is enrolled as well counts as a student: they see less.
    if (student !== null) return { role: 'student', name: student.studentName };
    return (await this.#exams.teaches(memberId, examId)) ? { role: 'teacher', name: null } : null;
  }
}
