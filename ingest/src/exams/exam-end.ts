import type { Exam } from '../model/exam.ts';

const minuteMs = 60_000;

/** When an exam that has started ends for a student with this extra time, ms since the Unix epoch; null: not started, or no time limit. */
export const endsAtMs = (
  { startedAt, durationMinutes }: Pick<Exam, 'startedAt' | 'durationMinutes'>,
  extraMinutes: number,
): number | null =>
  startedAt === null || durationMinutes === null
    ? null
    : Date.parse(startedAt) + (durationMinutes + extraMinutes) * minuteMs;
