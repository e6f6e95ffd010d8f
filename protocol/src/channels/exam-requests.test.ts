import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  AnswerSchema,
  EnrolmentsSchema,
  HighlightSchema,
  NewExamSchema,
  ProgressSchema,
  SubmissionSchema,
  ViolationReportSchema,
} from './exam-requests.ts';

const fieldOf = (schema: v.GenericSchema, value: unknown): string | null => {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? null : (v.getDotPath(parsed.issues[0]) ?? '');
};

describe('creating an exam', () => {
  test('needs nothing', () => {
    expect(v.parse(NewExamSchema, {})).toMatchObject({ teachers: [], policy: { live_view: 'numbers' } });
  });

  test.each([
    ['exam_id', 'a/b'],
    ['title', ''],
    ['title', 'x'.repeat(301)],
    ['scheduled_at', 'tomorrow'],
    ['duration_minutes', 0],
    ['duration_minutes', 10_081],
    ['duration_minutes', 1.5],
    ['total_questions', -1],
    ['total_questions', 10_001],
    ['teachers', Array.from({ length: 201 }, (_, at) => `t${at}`)],
    ['policy', 'strict'],
  ])('refuses %s: %j', (field, value) => {
    expect(fieldOf(NewExamSchema, { [field]: value })).toBe(field);
  });

  test('accepts the limits', () => {
    const exam = { exam_id: 'e1', title: 'x'.repeat(300), duration_minutes: 10_080, total_questions: 0 };
    expect(fieldOf(NewExamSchema, { ...exam, scheduled_at: '2026-01-18T10:30:00.000Z' })).toBeNull();
  });
});

describe('enrolling students', () => {
  const students = (count: number) => Array.from({ length: count }, (_, at) => ({ student_id: `s${at}` }));

  test.each([
    [0, 'students'],
    [1, null],
    [2000, null],
    [2001, 'students'],
  ])('%i students: problem in %s', (count, field) => {
    expect(fieldOf(EnrolmentsSchema, { students: students(count) })).toBe(field);
  });

  test('names the student that is invalid', () => {
    expect(fieldOf(EnrolmentsSchema, { students: [...students(2), { student_id: '' }] })).toBe('students.2.student_id');
    const unnamed = { student_id: 's', student_name: '' };
    expect(fieldOf(EnrolmentsSchema, { students: [unnamed] })).toBe('students.0.student_name');
  });
});

describe('requests during an exam', () => {
  const progress = { passage_index: 0, question_index: 0, question_number: 1 };
  const answer = { question_id: 'q1', question_number: 1, answer: 'B' };
  const highlight = { passage_id: 'p1', text: 'a phrase' };

  test.each([
    [ProgressSchema, progress],
    [AnswerSchema, answer],
    [AnswerSchema, { ...answer, answer: '' }],
    [AnswerSchema, { ...answer, answer: 'x'.repeat(20_000) }],
    [HighlightSchema, highlight],
    [ViolationReportSchema, { violation_type: 'COPY_ATTEMPT' }],
    [SubmissionSchema, {}],
    [SubmissionSchema, { score: 0 }],
  ])('accept the documented body, with and without a student', (schema, body) => {
    expect(fieldOf(schema, body)).toBeNull();
    expect(fieldOf(schema, { ...body, student_id: 's1' })).toBeNull();
    expect(fieldOf(schema, { ...body, student_id: 's 1' })).toBe('student_id');
  });

  test.each([
    [ProgressSchema, { ...progress, passage_index: -1 }, 'passage_index'],
    [ProgressSchema, { ...progress, question_number: 0 }, 'question_number'],
    [ProgressSchema, { passage_index: 0, question_index: 0 }, 'question_number'],
    [AnswerSchema, { ...answer, question_id: 'q/1' }, 'question_id'],
    [AnswerSchema, { ...answer, answer: 'x'.repeat(20_001) }, 'answer'],
    [AnswerSchema, { ...answer, answer: 3 }, 'answer'],
    [HighlightSchema, { ...highlight, text: '' }, 'text'],
    [HighlightSchema, { ...highlight, text: 'x'.repeat(10_001) }, 'text'],
    [ViolationReportSchema, { violation_type: 'YAWN' }, 'violation_type'],
    [SubmissionSchema, { score: -1 }, 'score'],
    [SubmissionSchema, { score: Infinity }, 'score'],
  ])('refuse an invalid field and name it', (schema, body, field) => {
    expect(fieldOf(schema, body)).toBe(field);
  });
});
