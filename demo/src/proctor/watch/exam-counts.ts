import type { Seat } from './seat.ts';
import { countByFilter } from './seat-order.ts';

export interface ExamCounts {
  live: number;
  lost: number;
  unseen: number;
  expected: number;
  finished: number;
  /** Mean number of questions answered by students who have a session or have answered; null if nobody has answered. */
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

/** Milliseconds until an exam completes by itself; null if it has not started or has no time limit. */
export const timeLeftMs = (
  { started_at: startedAt, duration_minutes: minutes }: { started_at: string | null; duration_minutes: number | null },
  serverNowMs: number,
): number | null =>
  startedAt === null || minutes == null ? null : Date.parse(startedAt) + minutes * 60_000 - serverNowMs;
