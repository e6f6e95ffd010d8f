import type { ExamMembership } from '../auth/access.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';

/** Exam membership, read from the records each time, so that a revoked permission takes effect at once. */
export const recordedExamMembership = (exams: ExamRecords, students: ExamStudentRecords): ExamMembership => ({
  async teachersOf(examId) {
    return (await exams.find(examId)) === null ? null : exams.teachersOf(examId);
  },
  async isEnrolled(studentId, examId) {
    return (await students.find(examId, studentId)) !== null;
  },
});
