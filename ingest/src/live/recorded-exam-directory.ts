import { ExamPolicySchema } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { examTarget } from '../auth/access.ts';
import type { AccessControl } from '../auth/access.ts';
import type { Exam } from '../model/exam.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { ExamDirectory } from './exam-directory.ts';

/** How long an answer is good for: a wall of students asks the same thing over and over. */
const rememberMs = 5000;
const maxRemembered = 10_000;
const pinDigits = 6;

/** Remembers what was found out for a moment, and asks once for those who ask at the same time. */
class Memory<Value> {
  readonly #now: () => number;
  readonly #known = new Map<string, { untilMs: number; value: Promise<Value> }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  of(key: string, find: () => Promise<Value>): Promise<Value> {
    const known = this.#known.get(key);
    if (known !== undefined && known.untilMs > this.#now()) return known.value;
    if (this.#known.size >= maxRemembered) this.#known.clear();
    const value = find();
    this.#known.set(key, { untilMs: this.#now() + rememberMs, value });
    value.catch(() => this.#known.delete(key));
    return value;
  }
}

/** A target without an exam: only those who may do it everywhere may do it here. */
const noExam = { examId: null, memberId: null, sessionId: null };

const unsaid = v.parse(ExamPolicySchema, {});

/** The exams of the records. */
export const recordedExamDirectory = (
  access: AccessControl,
  exams: ExamRecords,
  students: ExamStudentRecords,
  now: () => number,
): ExamDirectory => {
  const found = new Memory<Exam | null>(now);
  const teachers = new Memory<string[]>(now);
  const watch = new Memory<boolean>(now);
  const examOf = (examId: string): Promise<Exam | null> => found.of(examId, () => exams.find(examId));
  const teachersOf = (examId: string): Promise<string[]> => teachers.of(examId, () => exams.teachersOf(examId));
  return {
    async examOfPin(pin) {
      const exam = await exams.findByPin(String(pin).padStart(pinDigits, '0'));
      return exam === null || exam.status === 'COMPLETED' || exam.status === 'CANCELLED' ? null : exam.examId;
    },
    mayWatch: (principal, examId) =>
      watch.of(`${principal.role} ${principal.userId} ${examId ?? ''}`, () =>
        access.allows(principal, 'live.watch', examId === null ? noExam : examTarget(examId)),
      ),
    maySit: (principal, examId) => access.allows(principal, 'live.show', examTarget(examId)),
    mayEnter: (principal, examId) => access.allows(principal, 'presence.enter', examTarget(examId)),
    async nameOf(examId, memberId) {
      return (await students.find(examId, memberId))?.studentName ?? null;
    },
    async teachersOf(examId) {
      if (examId === null) return { first: [], others: [] };
      const [exam, all] = await Promise.all([examOf(examId), teachersOf(examId)]);
      const lead = exam?.createdBy ?? null;
      // Whoever made the exam is asked first, if they teach it; otherwise all are.
      if (lead === null || !all.includes(lead)) return { first: all, others: [] };
      return { first: [lead], others: all.filter((teacherId) => teacherId !== lead) };
    },
    async policyOf(examId) {
      const exam = examId === null ? null : await examOf(examId);
      return exam?.policy ?? unsaid;
    },
  };
};
