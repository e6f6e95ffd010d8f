import type { Session } from '../model/session.ts';
import { accessTable } from './access-table.ts';
import type { Action, Reach, TableRole } from './access-table.ts';
import type { Principal } from '../model/principal.ts';

/** What is asked for: the exam, the student and the session that it belongs to, as far as there are any. */
export interface Target {
  examId: string | null;
  memberId: string | null;
  sessionId: string | null;
}

export const targetOf = ({ examId, memberId, sessionId }: Session): Target => ({ examId, memberId, sessionId });
export const examTarget = (examId: string): Target => ({ examId, memberId: null, sessionId: null });

/** Who belongs to which exam. */
export interface ExamMembership {
  /** Null when there is no such exam. */
  teachersOf(examId: string): Promise<readonly string[] | null>;
  isEnrolled(studentId: string, examId: string): Promise<boolean>;
}

const tableRoleOf = (principal: Principal): TableRole => {
  if (principal.role === 'ADMIN') return 'admin';
  if (principal.role === 'TEACHER') return 'teacher';
  return principal.sessionId === null ? 'student' : 'sessionToken';
};

/** What a session token that a teacher was given cannot do. */
const studentOnly: ReadonlySet<Action> = new Set(['exam.work', 'report.contest']);

/** Asks the table. */
export class AccessControl {
  readonly #ties: ExamMembership;

  constructor(ties: ExamMembership) {
    this.#ties = ties;
  }

  async allows(principal: Principal, action: Action, target: Target): Promise<boolean> {
    if (principal.mayAnswer === false && studentOnly.has(action)) return false;
    const reach: Reach = accessTable[action][tableRoleOf(principal)];
    switch (reach) {
      case 'any':
        return true;
      case 'never':
        return false;
      case 'self':
        return target.memberId === principal.userId;
      case 'own':
        return principal.sessionId === null
          ? target.memberId === principal.userId
          : target.sessionId === principal.sessionId;
      case 'enrolled':
        if (target.memberId !== null && target.memberId !== principal.userId) return false;
        if (target.examId === null) return false;
        return principal.sessionId === null
          ? this.#ties.isEnrolled(principal.userId, target.examId)
          : // Enrolled still: an erased student’s token is good for nothing.
            target.examId === principal.examId && this.#ties.isEnrolled(principal.userId, target.examId);
      case 'taught':
      case 'taughtOrNew': {
        if (target.examId === null) return false;
        const teachers = await this.#ties.teachersOf(target.examId);
        return teachers === null ? reach === 'taughtOrNew' : teachers.includes(principal.userId);
      }
    }
  }
}
