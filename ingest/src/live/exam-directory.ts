import type { ExamPolicy } from '@invigil/protocol/channels';
import type { Principal } from '../model/principal.ts';

/** What the live view and the alerts need to know of exams, and no more. */
export interface ExamDirectory {
  /** Null when no exam that is on has this PIN. */
  examOfPin(pin: number): Promise<string | null>;
  /** Whether this principal may watch the exam's students. An exam of null is a session without one. */
  mayWatch(principal: Principal, examId: string | null): Promise<boolean>;
  /** Whether this principal may be watched in this exam. */
  maySit(principal: Principal, examId: string): Promise<boolean>;
  /** Whether this principal may be present in the exam's classroom, and see who is. */
  mayEnter(principal: Principal, examId: string): Promise<boolean>;
  /** The name of a student as their teachers know it, null when there is none. */
  nameOf(examId: string, memberId: string): Promise<string | null>;
  /** Who is told first, and who when nobody takes it. Both empty: nobody is named, so whoever may watch is told. */
  teachersOf(examId: string | null): Promise<{ first: readonly string[]; others: readonly string[] }>;
  /** What may be seen of a sitting, and go with its alerts. */
  policyOf(examId: string | null): Promise<Pick<ExamPolicy, 'live_view' | 'evidence' | 'sentinel_pictures'>>;
}

/** AUTH=dev: every PIN is an exam, and everybody may do everything. */
export const openExamDirectory: ExamDirectory = {
  examOfPin: async (pin) => `pin-${pin}`,
  mayWatch: async () => true,
  maySit: async () => true,
  mayEnter: async () => true,
  nameOf: async () => null,
  teachersOf: async () => ({ first: [], others: [] }),
  policyOf: async () => ({ live_view: 'thumbnails', evidence: 'none', sentinel_pictures: true }),
};

/** AUTH=dev with exams in the records: these have their own PIN, names and policy; everybody may still do everything. */
export const devExamDirectory = (recorded: ExamDirectory): ExamDirectory => ({
  ...openExamDirectory,
  examOfPin: async (pin) => (await recorded.examOfPin(pin)) ?? openExamDirectory.examOfPin(pin),
  nameOf: (examId, memberId) => recorded.nameOf(examId, memberId),
  policyOf: (examId) => recorded.policyOf(examId),
});
