import { ExamPolicySchema } from '@invigil/protocol/channels';
import { LRUCache } from 'lru-cache';
import * as v from 'valibot';
import { examTarget } from '../auth/access.ts';
import type { AccessControl } from '../auth/access.ts';
import type { Exam } from '../model/exam.ts';
import { entryRefusal, isOver } from '../model/exam-status.ts';
import type { ExamRecords } from '../records/exam-records.ts';
import type { ExamStudentRecords } from '../records/exam-student-records.ts';
import type { ExamDirectory } from './exam-directory.ts';

/** How long an answer is cached: a wall of students asks for the same one repeatedly. */
const cacheMs = 5000;
const maxCached = 10_000;
const pinDigits = 6;

/** Caches answers briefly. Callers that ask while an answer is being read share it; a failed read is not cached. */
class AnswerCache<Value> {
  readonly #answers: LRUCache<string, Promise<Value>>;

  constructor(now: () => number) {
    this.#answers = new LRUCache({ max: maxCached, ttl: cacheMs, ttlResolution: 0, perf: { now } });
  }

  of(key: string, read: () => Promise<Value>): Promise<Value> {
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = read();
    this.#answers.set(key, answer);
    answer.catch(() => {
      if (this.#answers.peek(key) === answer) this.#answers.delete(key);
    });
    return answer;
  }
}

/** A target without an exam: allowed only for principals with the right in every exam. */
const noExam = { examId: null, memberId: null, sessionId: null };

const defaultPolicy = v.parse(ExamPolicySchema, {});

/** Answers from the exams in the records. */
export const recordedExamDirectory = (
  access: AccessControl,
  exams: ExamRecords,
  students: ExamStudentRecords,
  now: () => number,
): ExamDirectory => {
  const found = new AnswerCache<Exam | null>(now);
  const teachers = new AnswerCache<string[]>(now);
  const watch = new AnswerCache<boolean>(now);
  const examOf = (examId: string): Promise<Exam | null> => found.of(examId, () => exams.find(examId));
  const teachersOf = (examId: string): Promise<string[]> => teachers.of(examId, () => exams.teachersOf(examId));
  return {
    async examOfPin(pin) {
      const exam = await exams.findByPin(String(pin).padStart(pinDigits, '0'));
      return exam === null || isOver(exam.status) ? null : exam.examId;
    },
    mayWatch: (principal, examId) =>
      watch.of(`${principal.role} ${principal.userId} ${examId ?? ''}`, () =>
        access.allows(principal, 'live.watch', examId === null ? noExam : examTarget(examId)),
      ),
    maySit: (principal, examId) => access.allows(principal, 'live.show', examTarget(examId)),
    mayEnter: (principal, examId) => access.allows(principal, 'presence.enter', examTarget(examId)),
    // Not cached: a student who waits for the exam to open must get in at once.
    async closedTo({ role }, examId) {
      const exam = await exams.find(examId);
      if (exam === null || entryRefusal(exam, role === 'STUDENT', now()) === null) return null;
      return isOver(exam.status) ? { state: 'over', status: exam.status } : { state: 'early' };
    },
    nameOf: (examId, memberId) => students.nameOf(examId, memberId),
    async teachersOf(examId) {
      if (examId === null) return { first: [], others: [] };
      const [exam, all] = await Promise.all([examOf(examId), teachersOf(examId)]);
      const lead = exam?.createdBy ?? null;
      // The exam's creator is notified first if they teach it; otherwise all teachers are.
      if (lead === null || !all.includes(lead)) return { first: all, others: [] };
      return { first: [lead], others: all.filter((teacherId) => teacherId !== lead) };
    },
    async policyOf(examId) {
      const exam = examId === null ? null : await examOf(examId);
      return exam?.policy ?? defaultPolicy;
    },
  };
};
