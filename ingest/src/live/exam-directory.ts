import type { ExamPolicy, ExamStatus } from '@invigil/protocol/channels';
import type { Principal } from '../model/principal.ts';

/** `early`: students can enter once the waiting room is open. */
export type ClosedExam = { state: 'early' } | { state: 'over'; status: ExamStatus };

/** The parts of exams that the live view and the alerts need. */
export interface ExamDirectory {
  /** Null if no current exam has this PIN. */
  examOfPin(pin: number): Promise<string | null>;
  /** Whether this principal may watch the exam's students. A null exam is a session without one. */
  mayWatch(principal: Principal, examId: string | null): Promise<boolean>;
  /** Whether this principal may be watched in this exam. */
  maySit(principal: Principal, examId: string): Promise<boolean>;
  /** Whether this principal may join the exam's classroom and see its agents. */
  mayEnter(principal: Principal, examId: string): Promise<boolean>;
  /** Why the exam's status keeps this principal out of the live channel or the classroom, or null. */
  closedTo(principal: Principal, examId: string): Promise<ClosedExam | null>;
  /** The student's recorded name, null if there is none. */
  nameOf(examId: string, memberId: string): Promise<string | null>;
  /**
   * The teachers to notify first, and those to notify if nobody acknowledges. Both empty: no teachers are recorded, so
   * every proctor who may watch is notified.
   */
  teachersOf(examId: string | null): Promise<{ first: readonly string[]; others: readonly string[] }>;
  /** What proctors may see of a session, and what its alerts may include. */
  policyOf(examId: string | null): Promise<Pick<ExamPolicy, 'live_view' | 'evidence' | 'sentinel_pictures'>>;
}

/** AUTH=dev: every PIN is an exam, and every action is allowed. */
export const openExamDirectory: ExamDirectory = {
  examOfPin: async (pin) => `pin-${pin}`,
  mayWatch: async () => true,
  maySit: async () => true,
  mayEnter: async () => true,
  closedTo: async () => null,
  nameOf: async () => null,
  teachersOf: async () => ({ first: [], others: [] }),
  policyOf: async () => ({ live_view: 'thumbnails', evidence: 'none', sentinel_pictures: true }),
};

/** AUTH=dev with exams in the records: these have their own PIN, names and policy; every action is still allowed. */
export const devExamDirectory = (recorded: ExamDirectory): ExamDirectory => ({
  ...openExamDirectory,
  examOfPin: async (pin) => (await recorded.examOfPin(pin)) ?? openExamDirectory.examOfPin(pin),
  closedTo: (principal, examId) => recorded.closedTo(principal, examId),
  nameOf: (examId, memberId) => recorded.nameOf(examId, memberId),
  policyOf: (examId) => recorded.policyOf(examId),
});
