import { describe, expect, test } from 'vitest';
import { sampleSeat } from '../../testing/sample-seat.ts';
import { examCounts, extraTimeLeft, timeLeftMs } from './exam-counts.ts';

describe('an exam at a glance', () => {
  test('counts each student in one state, and those who cannot be seen among the live ones', () => {
    const seats = [
      sampleSeat('a', { answered: 4 }),
      sampleSeat('b', { answered: 1 }),
      sampleSeat('c', { isPresent: false }),
      sampleSeat('d', { isPresent: false, sessionId: null }),
      sampleSeat('e', { isPresent: false, hasEnded: true, answered: 4 }),
    ];
    const unseen = new Set(['session-b', 'session-c']);
    expect(examCounts(seats, unseen)).toEqual({
      live: 2,
      lost: 1,
      unseen: 1,
      expected: 1,
      finished: 1,
      meanAnswered: 9 / 4,
    });
    expect(examCounts([sampleSeat('a')], new Set()).meanAnswered).toBeNull();
  });

  test('ends after its duration, counted from its start', () => {
    const startedAt = '2026-01-05T09:00:00.000Z';
    const nowMs = Date.parse('2026-01-05T09:19:00.000Z');
    expect(timeLeftMs({ started_at: startedAt, duration_minutes: 60 }, nowMs)).toBe(41 * 60_000);
    expect(timeLeftMs({ started_at: startedAt, duration_minutes: 10 }, nowMs)).toBe(-9 * 60_000);
    expect(timeLeftMs({ started_at: null, duration_minutes: 60 }, nowMs)).toBeNull();
    expect(timeLeftMs({ started_at: startedAt, duration_minutes: null }, nowMs)).toBeNull();
  });

  test('continues for students with extra time, until the last one’s end, unless they have handed in', () => {
    const exam = { started_at: '2026-01-05T09:00:00.000Z', duration_minutes: 60 };
    const students = [0, 15, 30, 45].map((extra) => ({
      extra_minutes: extra,
      submission: extra === 45 ? { score: null } : null,
    }));
    const at = (time: string) => extraTimeLeft({ ...exam, students }, Date.parse(`2026-01-05T${time}Z`));
    expect(at('10:01:00')).toEqual({ students: 2, untilMs: Date.parse('2026-01-05T10:30:00Z') });
    expect(at('10:20:00')).toMatchObject({ students: 1 });
    expect(at('10:30:00')).toBeNull();
  });
});
