import type { SentinelInfo } from '@invigil/protocol/channels';
import type { ExamStudent } from '../../api/exam-api.ts';
import type { EnrolledStudent, SeatSources, SeenSession } from './seat.ts';

/** Merges what several server channels report about the students of an exam. */
export class SeatCollection implements SeatSources {
  readonly students = new Map<string, EnrolledStudent>();
  readonly sessions = new Map<string, SeenSession>();
  readonly members = new Map<string, string>();
  readonly includesUnenrolled: boolean;

  constructor(includesUnenrolled: boolean) {
    this.includesUnenrolled = includesUnenrolled;
  }

  /** Replaces the enrolled students with those of the exam's state. */
  setStudents(students: readonly ExamStudent[]): void {
    this.students.clear();
    for (const { student_id, student_name, violations, submission, sessions } of students) {
      const pageViolations = Object.values(violations).reduce((sum, count) => sum + count, 0);
      this.students.set(student_id, { name: student_name, pageViolations, hasSubmitted: submission !== null });
      for (const { session_id: sessionId, status } of sessions) {
        this.members.set(sessionId, student_id);
        // The session started before this page was opened; it may be offline now.
        if (status === 'running' && !this.sessions.has(sessionId))
          this.sessions.set(sessionId, { name: student_name, isPresent: false });
      }
    }
  }

  /** Replaces the list of connected sessions. */
  setPresent(sentinels: readonly SentinelInfo[]): void {
    for (const [sessionId, { name }] of this.sessions) this.sessions.set(sessionId, { name, isPresent: false });
    for (const { sentinelId, name } of sentinels) {
      // A session that reconnects counts as the newest again.
      if (this.sessions.get(sentinelId)?.isPresent === false) this.sessions.delete(sentinelId);
      this.sessions.set(sentinelId, { name, isPresent: true });
    }
  }

  /** @returns whether this is new. */
  setOwner(sessionId: string, studentId: string): boolean {
    if (this.members.get(sessionId) === studentId) return false;
    this.members.set(sessionId, studentId);
    return true;
  }

  /** @returns false if this page does not know the student as enrolled. */
  change(studentId: string, change: Partial<EnrolledStudent>): boolean {
    const known = this.students.get(studentId);
    if (known === undefined) return false;
    this.students.set(studentId, { ...known, ...change });
    return true;
  }
}
