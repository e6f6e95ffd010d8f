import type { Exam } from '../model/exam.ts';
import { isOver, submitGraceMs } from '../model/exam-status.ts';

const minuteMs = 60_000;

/** An answer may arrive this much after the student's time was up: it was on its way. Sessions end after it. */
export const lateAnswerMs = 5000;

type TimedExam = Pick<Exam, 'startedAt' | 'durationMinutes'>;

/** When an exam that has started ends for a student with this extra time, ms since the Unix epoch; null: not started, or no time limit. */
export const endsAtMs = ({ startedAt, durationMinutes }: TimedExam, extraMinutes: number): number | null =>
  startedAt === null || durationMinutes === null
    ? null
    : Date.parse(startedAt) + (durationMinutes + extraMinutes) * minuteMs;

/** Whether the exam is over for a student with this extra time. It may continue for others. */
export const isOverFor = (exam: TimedExam & Pick<Exam, 'status'>, extraMinutes: number, nowMs: number): boolean => {
  const endMs = endsAtMs(exam, extraMinutes);
  return isOver(exam.status) || (endMs !== null && nowMs > endMs + lateAnswerMs);
};

/**
 * Whether a student may hand in.
 * @param longestExtraMinutes of the exam's students. Without a student who has more, the exam's completion counts: it may be later than
 * planned, if the server was unavailable at the end.
 */
export const mayHandIn = (
  exam: TimedExam & Pick<Exam, 'status' | 'completedAt'>,
  { extraMinutes, longestExtraMinutes }: { extraMinutes: number; longestExtraMinutes: number },
  nowMs: number,
): boolean => {
  const { status, completedAt } = exam;
  const ownEndMs = extraMinutes < longestExtraMinutes ? endsAtMs(exam, extraMinutes) : null;
  if (ownEndMs !== null && nowMs > ownEndMs + submitGraceMs) return false;
  if (isOver(status)) return completedAt !== null && nowMs <= Date.parse(completedAt) + submitGraceMs;
  return status === 'IN_PROGRESS';
};
