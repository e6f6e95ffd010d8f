import type { ExamTies } from '../auth/access.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';

/** Who belongs to which exam, as the records have it now: a right that was taken away ends at once. */
export const recordedExamTies = (exams: ExamRecords, students: ExamStudentRecords): ExamTies => ({
  async teachersOf(examId) {
    return (await exams.find(examId)) === null ? null : exams.teachersOf(examId);
  },
  async isEnrolled(studentId, examId) {
    return (await students.find(examId, studentId)) !== null;
  },
});
