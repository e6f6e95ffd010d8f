import type { SentinelInfo } from '@invigil/protocol/channels';
import type { ExamStudent } from '../../api/exam-api.ts';
import type { EnrolledStudent, SeatSources, SeenSession } from './seat.ts';

/** Merges what several server channels report about the students of an exam. */
export class SeatCollection implements SeatSources {
  readonly students = new Map<string, EnrolledStudent>();
  readonly sessions = new Map<string, SeenSession>();
  readonly members = new Map<string, string>();
  readonly includesUnenrolled: boolean;
  /** Students whom messages have changed since the newest read of the exam began. */
  readonly #changed = new Set<string>();

  constructor(includesUnenrolled: boolean) {
    this.includesUnenrolled = includesUnenrolled;
  }

  /** To be called when a read of the exam begins: messages that arrive before its answer may be newer than the answer. */
  beginRead(): void {
    this.#changed.clear();
  }

  /** Replaces the enrolled students with those of the exam's state. */
  setStudents(students: readonly ExamStudent[]): void {
    const before = new Map([...this.#changed].map((id) => [id, this.students.get(id)]));
    this.students.clear();
    for (const {
      student_id,
      student_name,
      violations,
      submission,
      sessions,
      answered_questions: answered,
      phone_camera: hasPhoneCamera,
    } of students) {
      const hasEnded = sessions.length > 0 && sessions.every(({ status }) => status !== 'running');
      const coverage = sessions.at(-1)?.coverage ?? null;
      // These only increase, so the higher value is newer. Without a message during the read, its result replaces them all the same: a
      // count is too high if a message arrived late and repeated an answer that the previous read contained.
      const known = before.get(student_id);
      const work = {
        pageViolations: Math.max(
          Object.values(violations).reduce((sum, count) => sum + count, 0),
          known?.pageViolations ?? 0,
        ),
        hasSubmitted: submission !== null || known?.hasSubmitted === true,
        answered: Math.max(answered, known?.answered ?? 0),
      };
      this.students.set(student_id, { name: student_name, ...work, hasEnded, hasPhoneCamera, coverage });
      for (const { session_id: sessionId, status, has_frames: hasFrames } of sessions) {
        this.members.set(sessionId, student_id);
        // It began before this page was opened, and may be offline now. Without frames, the student is still expected: they are at the
        // camera check, for example, or declined to be observed.
        if (status === 'running' && hasFrames && !this.sessions.has(sessionId))
          this.sessions.set(sessionId, { name: student_name, isPresent: false, lostAtMs: null });
      }
    }
  }

  /** Replaces the list of connected sessions. @param nowMs this device's clock */
  setPresent(sentinels: readonly SentinelInfo[], nowMs: number): void {
    const present = new Set(sentinels.map(({ sentinelId }) => sentinelId));
    for (const [sessionId, { name, isPresent, lostAtMs }] of this.sessions) {
      if (isPresent && present.has(sessionId)) continue;
      this.sessions.set(sessionId, { name, isPresent: false, lostAtMs: isPresent ? nowMs : lostAtMs });
    }
    for (const { sentinelId, name } of sentinels) {
      // A session that reconnects counts as the newest again.
      if (this.sessions.get(sentinelId)?.isPresent === false) this.sessions.delete(sentinelId);
      this.sessions.set(sentinelId, { name, isPresent: true, lostAtMs: null });
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
    this.#changed.add(studentId);
    return true;
  }
}
