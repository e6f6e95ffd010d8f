import type { SentinelInfo } from '@invigil/protocol/channels';
import type { ExamStudent } from '../exam/exam-api.ts';
import type { EnrolledStudent, SeatSources, SeenSession } from './seat.ts';

/** Collects what the server says of an exam's students from several sides. */
export class SeatCollection implements SeatSources {
  readonly students = new Map<string, EnrolledStudent>();
  readonly sessions = new Map<string, SeenSession>();
  readonly members = new Map<string, string>();
  readonly strangers: boolean;

  constructor(strangers: boolean) {
    this.strangers = strangers;
  }

  /** The whole list, as the exam's state has it. */
  setStudents(students: readonly ExamStudent[]): void {
    this.students.clear();
    for (const { student_id, student_name, violations, submission, sessions } of students) {
      const pageViolations = Object.values(violations).reduce((sum, count) => sum + count, 0);
      this.students.set(student_id, { name: student_name, pageViolations, hasSubmitted: submission !== null });
      for (const { session_id: sessionId, status } of sessions) {
        this.members.set(sessionId, student_id);
        // One that was begun before this page was opened, and may be away just now.
        if (status === 'running' && !this.sessions.has(sessionId))
          this.sessions.set(sessionId, { name: student_name, isPresent: false });
      }
    }
  }

  /** The whole list of those who are connected. */
  setPresent(sentinels: readonly SentinelInfo[]): void {
    for (const [sessionId, { name }] of this.sessions) this.sessions.set(sessionId, { name, isPresent: false });
    for (const { sentinelId, name } of sentinels) {
      // One that was away is the newest again.
      if (this.sessions.get(sentinelId)?.isPresent === false) this.sessions.delete(sentinelId);
      this.sessions.set(sentinelId, { name, isPresent: true });
    }
  }

  /** False when this student is not known yet. */
  change(studentId: string, change: Partial<EnrolledStudent>): boolean {
    const known = this.students.get(studentId);
    if (known === undefined) return false;
    this.students.set(studentId, { ...known, ...change });
    return true;
  }
}
