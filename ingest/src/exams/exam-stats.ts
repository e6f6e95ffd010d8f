import type { ExamTeacherEvent } from '@invigil/protocol/channels';
import type { AttendanceRecords } from '../records/attendance-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { ExamWorkRecords } from '../records/exam-work-records.ts';

export type ExamStats = Extract<ExamTeacherEvent, { type: 'session_stats' }>['stats'];

/** Counts an exam's state from the records, so that every replica reports the same. */
export class ExamStatistics {
  readonly #students: ExamStudentRecords;
  readonly #work: ExamWorkRecords;
  readonly #attendance: AttendanceRecords;

  constructor(students: ExamStudentRecords, work: ExamWorkRecords, attendance: AttendanceRecords) {
    this.#students = students;
    this.#work = work;
    this.#attendance = attendance;
  }

  async of(examId: string): Promise<ExamStats> {
    const [students, connected, answered, violations] = await Promise.all([
      this.#students.list(examId),
      this.#attendance.connectedStudents(examId),
      this.#work.answerCounts(examId),
      this.#work.violationCounts(examId, null),
    ]);
    const participants = students.filter(({ joinedAt }) => joinedAt !== null);
    const answers = participants.reduce((sum, { studentId }) => sum + (answered.get(studentId) ?? 0), 0);
    return {
      total_participants: participants.length,
      connected_count: connected.length,
      submitted_count: students.filter(({ submission }) => submission !== null).length,
      average_progress: participants.length === 0 ? 0 : Math.round((10 * answers) / participants.length) / 10,
      total_violations: violations.reduce((sum, { violations: count }) => sum + count, 0),
    };
  }
}
