import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { ExamAnswerSchema } from './exam-schemas.ts';
import { ExamClientMessageSchema, ExamEventSchema, ExamTeacherEventSchema, highlightTextLength } from './exam.ts';

const exam = { session_id: 'e1', timestamp: '2026-01-18T10:30:00.000Z' };
const student = { ...exam, student_id: 's1', student_name: 'Student One' };

describe('messages to everyone in an exam', () => {
  test.each([
    { type: 'connected', ...exam },
    { type: 'session_status_changed', ...exam, status: 'IN_PROGRESS' },
    { type: 'waiting_room_opened', ...exam },
    { type: 'session_started', ...exam, started_at: exam.timestamp, connected_students: ['s1'] },
    { type: 'session_completed', ...exam, completed_at: exam.timestamp },
    { type: 'participant_joined', ...exam, student_id: 's1', connected_count: 1 },
    { type: 'participant_disconnected', ...exam, student_id: 's1', connected_count: 0 },
  ])('$type is unchanged by its schema', (message) => {
    expect(v.parse(ExamEventSchema, message)).toEqual(message);
  });

  test.each([
    { type: 'session_status_changed', ...exam, status: 'PAUSED' },
    { type: 'connected', session_id: 'e1', timestamp: 'now' },
    { type: 'participant_joined', ...exam, student_id: 's1', connected_count: -1 },
    { type: 'student_progress', ...student, passage_index: 0, question_index: 0, question_number: 1 },
  ])('refuses %j', (message) => {
    expect(v.is(ExamEventSchema, message)).toBe(false);
  });
});

describe('messages to teachers', () => {
  const stats = {
    total_participants: 3,
    connected_count: 2,
    submitted_count: 1,
    average_progress: 4.5,
    total_violations: 0,
  };

  test.each([
    { type: 'student_progress', ...student, passage_index: 0, question_index: 2, question_number: 3 },
    { type: 'student_answer', ...student, question_id: 'q', question_number: 1, answered: true, is_update: false },
    { type: 'student_highlight', ...student, text: 'a phrase', passage_id: 'p1' },
    { type: 'violation', student_id: 's1', violation_type: 'TAB_SWITCH', timestamp: exam.timestamp, total_count: 2 },
    {
      type: 'student_submitted',
      ...student,
      score: null,
      time_taken_seconds: 60,
      answered_questions: 3,
      total_questions: null,
    },
    { type: 'session_stats', ...exam, stats },
  ])('$type is unchanged by its schema', (message) => {
    expect(v.parse(ExamTeacherEventSchema, message)).toEqual(message);
  });

  test('never contain the text of an answer', () => {
    const message = { type: 'student_answer', ...student, question_id: 'q', question_number: 1, answered: true };
    expect(v.parse(ExamTeacherEventSchema, { ...message, is_update: true, answer: 'B' })).not.toHaveProperty('answer');
  });

  test('count the characters of a highlight as code points', () => {
    const highlight = (text: string) => ({ type: 'student_highlight', ...student, text, passage_id: 'p1' });
    expect(v.is(ExamTeacherEventSchema, highlight('😀'.repeat(highlightTextLength)))).toBe(true);
    const { issues } = v.safeParse(ExamTeacherEventSchema, highlight('😀'.repeat(highlightTextLength + 1)));
    expect(issues?.[0].message).toBe('a highlight may have at most 100 characters');
  });
});

describe('the exam channel', () => {
  test('takes only heartbeats from clients', () => {
    expect(v.is(ExamClientMessageSchema, { type: 'heartbeat' })).toBe(true);
    expect(v.is(ExamClientMessageSchema, { type: 'student_answer' })).toBe(false);
  });

  test('answers with pong or an error that has a code', () => {
    expect(v.is(ExamAnswerSchema, { type: 'pong' })).toBe(true);
    expect(v.is(ExamAnswerSchema, { type: 'error', message: 'm', code: 'INVALID_MESSAGE' })).toBe(true);
    expect(v.is(ExamAnswerSchema, { type: 'error', message: 'm', code: 'OOPS' })).toBe(false);
  });
});
