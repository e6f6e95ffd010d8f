import { describe, expect, test } from 'vitest';
import { submitGraceMs } from '../model/exam-status.ts';
import { endsAtMs, isOverFor, lateAnswerMs, mayHandIn } from './exam-end.ts';

const startedAt = '2026-01-05T09:00:00.000Z';
const startMs = Date.parse(startedAt);
const minuteMs = 60_000;
const running = { status: 'IN_PROGRESS', startedAt, durationMinutes: 60, completedAt: null } as const;
const endMs = startMs + 60 * minuteMs;

describe('the end of an exam for a student', () => {
  test.each([
    ['has not started', { ...running, startedAt: null }],
    ['has no time limit', { ...running, durationMinutes: null }],
  ])('is unknown while the exam %s, and extra time does not make one up', (_name, exam) => {
    expect(endsAtMs(exam, 15)).toBeNull();
    expect(isOverFor({ ...exam, status: 'IN_PROGRESS' }, 0, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  test('is later by the student’s extra time', () => {
    expect(endsAtMs(running, 0)).toBe(endMs);
    expect(endsAtMs(running, 15)).toBe(endMs + 15 * minuteMs);
  });

  test('leaves time for an answer that was on its way, to the millisecond', () => {
    expect(isOverFor(running, 0, endMs + lateAnswerMs)).toBe(false);
    expect(isOverFor(running, 0, endMs + lateAnswerMs + 1)).toBe(true);
  });

  test.each(['COMPLETED', 'CANCELLED'] as const)('comes at once when the exam is %s, extra time or not', (status) => {
    expect(isOverFor({ ...running, status }, 60, startMs)).toBe(true);
  });
});

describe('a hand-in', () => {
  const same = { extraMinutes: 0, longestExtraMinutes: 0 };
  const others = { extraMinutes: 0, longestExtraMinutes: 30 };

  test.each(['SCHEDULED', 'WAITING'] as const)('is not accepted while the exam is %s', (status) => {
    expect(mayHandIn({ ...running, status, startedAt: null }, same, startMs)).toBe(false);
  });

  test('is accepted after the planned end while the exam is still in progress for everybody', () => {
    expect(mayHandIn(running, same, endMs + submitGraceMs + 1)).toBe(true);
  });

  test('is accepted until two minutes after the student’s own end if others have longer', () => {
    expect(mayHandIn(running, others, endMs + submitGraceMs)).toBe(true);
    expect(mayHandIn(running, others, endMs + submitGraceMs + 1)).toBe(false);
  });

  test('of the student with the longest extra time waits for the exam’s completion', () => {
    const longest = { extraMinutes: 30, longestExtraMinutes: 30 };
    expect(mayHandIn(running, longest, endMs + 40 * minuteMs)).toBe(true);
  });

  test('is accepted until two minutes after the completion, to the millisecond', () => {
    const completed = { ...running, status: 'COMPLETED', completedAt: new Date(endMs).toISOString() } as const;
    expect(mayHandIn(completed, same, endMs + submitGraceMs)).toBe(true);
    expect(mayHandIn(completed, same, endMs + submitGraceMs + 1)).toBe(false);
  });

  test('is accepted after a late completion, which an unavailable server may have caused', () => {
    const lateMs = endMs + 30 * minuteMs;
    const completed = { ...running, status: 'COMPLETED', completedAt: new Date(lateMs).toISOString() } as const;
    expect(mayHandIn(completed, same, lateMs + submitGraceMs)).toBe(true);
  });

  test('of a student with less time than others ends with their own time, although the exam completed later', () => {
    const lateMs = endMs + 30 * minuteMs;
    const completed = { ...running, status: 'COMPLETED', completedAt: new Date(lateMs).toISOString() } as const;
    expect(mayHandIn(completed, others, lateMs)).toBe(false);
  });

  test('is never accepted once the exam is cancelled', () => {
    expect(mayHandIn({ ...running, status: 'CANCELLED' }, same, startMs + 1)).toBe(false);
  });
});
