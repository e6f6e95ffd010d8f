import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { ExamPolicy } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { sampleExam } from '../testing/sample-exam.ts';
import { apiFields, changesOf, draftOf, newDraft, newExamOf, policyOf } from './exam-draft.ts';

const unusual: ExamPolicy = {
  live_view: 'thumbnails',
  sentinel_pictures: true,
  evidence: 'thumbnail',
  report_to_student: false,
  history: true,
  breaks: true,
  chat: false,
  phone_camera: true,
  may_run_without: { camera: true, image_analysis: true, storage: false, lock: false },
  reviewers: 2,
  rules_version: '2',
  webhook_url: 'https://school.example/hook',
  webhook_format: 'xapi',
  organiser: { name: 'School', contact: 'a@school.example', privacy_url: 'https://school.example/privacy' },
  exam_url: 'https://school.example/questions',
  safe_exam_browser: { config_keys: ['0a'.repeat(32), '1b'.repeat(32)], browser_exam_keys: ['2c'.repeat(32)] },
  retention: { frames_days: 0, reports_days: null },
};

const exam = sampleExam([], {
  title: 'Physics I',
  scheduled_at: '2026-12-01T09:00:00.000Z',
  duration_minutes: 90,
  total_questions: 12,
  teachers: ['tina', 'tom'],
  policy: unusual,
});

/** Paths of the values in an object. */
const paths = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? paths(inner, `${prefix}${key}.`)
      : [`${prefix}${key}`],
  );

describe('the set-up form', () => {
  test('begins with the server’s own defaults', () => {
    expect(policyOf(newDraft)).toEqual(v.parse(ExamPolicySchema, { live_view: 'numbers' }));
  });

  test('keeps every value of an exam', () => {
    expect(changesOf(draftOf(exam), true)).toEqual({
      title: 'Physics I',
      scheduled_at: '2026-12-01T09:00:00.000Z',
      duration_minutes: 90,
      total_questions: 12,
      teachers: ['tina', 'tom'],
      policy: unusual,
    });
  });

  test('has a field for everything that a policy sets', () => {
    const known = Object.values(apiFields);
    expect(paths({ policy: v.parse(ExamPolicySchema, unusual) }).filter((path) => !known.includes(path))).toEqual([]);
  });

  test('sends only what the server accepts after the waiting room was opened', () => {
    expect(Object.keys(changesOf(draftOf(exam), false))).toEqual(['title', 'total_questions', 'teachers']);
  });

  test('leaves out what a new exam does not set', () => {
    const { policy: _policy, ...others } = newExamOf({ ...newDraft, title: ' Physics I ' });
    expect(others).toEqual({ title: 'Physics I', teachers: [] });
  });

  test('reads teachers separated in any usual way', () => {
    expect(newExamOf({ ...newDraft, teachers: ' tina,tom;  eve\n' }).teachers).toEqual(['tina', 'tom', 'eve']);
  });
});
