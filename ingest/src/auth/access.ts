import type { Session } from '../model/session.ts';
import type { Reach, TableRole } from './access-roles.ts';
import { accessTable } from './access-table.ts';
import type { Action } from './access-table.ts';
import type { Principal } from '../model/principal.ts';

/** The exam, the student and the session that an action concerns; null for those that do not apply. */
export interface Target {
  examId: string | null;
  memberId: string | null;
  sessionId: string | null;
}

export const targetOf = ({ examId, memberId, sessionId }: Session): Target => ({ examId, memberId, sessionId });
export const examTarget = (examId: string): Target => ({ examId, memberId: null, sessionId: null });

/** Exam membership: who takes part in which exam. */
export interface ExamMembership {
  /** Null if the exam does not exist. */
  teachersOf(examId: string): Promise<readonly string[] | null>;
  isEnrolled(studentId: string, examId: string): Promise<boolean>;
}

const tableRoleOf = (principal: Principal): TableRole => {
  if (principal.role === 'ADMIN') return 'admin';
  if (principal.role === 'TEACHER') return 'teacher';
  if (principal.sessionId !== null) return 'sessionToken';
  return principal.examId === null ? 'student' : 'personalLink';
};

/** Actions that a session token does not permit if it was issued to a teacher. */
const studentOnly: ReadonlySet<Action> = new Set(['exam.work', 'report.contest']);

/** Actions of a phone that is a session's camera. Everything else is the computer's. */
const forCameras: ReadonlySet<Action> = new Set(['session.send', 'camera.join', 'server.look']);

/** A session token or a personal link gives access to its own exam only. */
const isWithinExam = (principal: Principal, target: Target): boolean =>
  principal.examId === null ? principal.sessionId === null : target.examId === principal.examId;

/** Evaluates the access table. */
export class AccessControl {
  readonly #ties: ExamMembership;

  constructor(ties: ExamMembership) {
    this.#ties = ties;
  }

  async allows(principal: Principal, action: Action, target: Target): Promise<boolean> {
    if (principal.mayAnswer === false && studentOnly.has(action)) return false;
    if (principal.cameraLinkId !== undefined && !forCameras.has(action)) return false;
    const reach: Reach = accessTable[action][tableRoleOf(principal)];
    switch (reach) {
      case 'any':
        return true;
      case 'never':
        return false;
      case 'self':
        return target.memberId === principal.userId;
      case 'own':
        if (principal.sessionId !== null) return target.sessionId === principal.sessionId;
        return target.memberId === principal.userId && isWithinExam(principal, target);
      case 'enrolled':
        if (target.memberId !== null && target.memberId !== principal.userId) return false;
        if (target.examId === null) return false;
        // Checks the enrolment of session tokens too: the token of an erased student must stop working.
        return isWithinExam(principal, target) && this.#ties.isEnrolled(principal.userId, target.examId);
      case 'taught':
      case 'taughtOrNew': {
        if (target.examId === null) return false;
        const teachers = await this.#ties.teachersOf(target.examId);
        return teachers === null ? reach === 'taughtOrNew' : teachers.includes(principal.userId);
      }
    }
  }
}
