import type { Seat } from './seat.ts';
import { countByFilter } from './seat-order.ts';

export interface ExamCounts {
  live: number;
  lost: number;
  unseen: number;
  expected: number;
  finished: number;
  /** Mean number of answered questions among students with a session or an answer; null if there are no answers. */
  meanAnswered: number | null;
}

/** @param unseen sessions that have not been observed for a while */
export const examCounts = (seats: readonly Seat[], unseen: ReadonlySet<string>): ExamCounts => {
  const { connected, lost, expected, finished } = countByFilter(seats, new Map());
  const cannotBeSeen = seats.filter(({ sessionId, isPresent }) => isPresent && unseen.has(sessionId ?? ''));
  const answers = seats.reduce((sum, { answered }) => sum + answered, 0);
  const taking = seats.filter(({ sessionId, answered }) => sessionId !== null || answered > 0);
  return {
    live: connected,
    lost,
    unseen: cannotBeSeen.length,
    expected,
    finished,
    meanAnswered: answers === 0 ? null : answers / taking.length,
  };
};

interface TimedExam {
  started_at: string | null;
  duration_minutes: number | null;
}

const minuteMs = 60_000;

/** Milliseconds until the regular time of an exam is up; null if it has not started or has no time limit. */
export const timeLeftMs = (
  { started_at: startedAt, duration_minutes: minutes }: TimedExam,
  serverNowMs: number,
): number | null =>
  startedAt === null || minutes == null ? null : Date.parse(startedAt) + minutes * minuteMs - serverNowMs;

/** Students whose extra time is still running, and when the last one's is up, ms since the Unix epoch; null: there are none. */
export const extraTimeLeft = (
  exam: TimedExam & { students: readonly { extra_minutes: number; submission: unknown }[] },
  serverNowMs: number,
): { students: number; untilMs: number } | null => {
  const regularMs = timeLeftMs(exam, serverNowMs);
  if (regularMs === null) return null;
  const ends = exam.students
    .filter(({ submission }) => submission === null)
    .map(({ extra_minutes: extra }) => serverNowMs + regularMs + extra * minuteMs)
    .filter((endMs) => endMs > serverNowMs);
  return ends.length === 0 ? null : { students: ends.length, untilMs: Math.max(...ends) };
};
