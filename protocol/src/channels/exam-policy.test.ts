import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { ExamPolicySchema } from './exam-policy.ts';

describe('an exam policy', () => {
  test('defaults to numbers and forwarded sentinel images, and otherwise to the most private values', () => {
    expect(v.parse(ExamPolicySchema, {})).toEqual({
      live_view: 'numbers',
      sentinel_pictures: true,
      evidence: 'none',
      report_to_student: true,
      history: false,
      reviewers: 1,
      breaks: false,
      chat: true,
      phone_camera: false,
      safe_exam_browser: null,
      may_run_without: { camera: false, image_analysis: false, storage: true, lock: true },
      rules_version: null,
      webhook_url: null,
      webhook_format: 'invigil',
      organiser: null,
      exam_url: null,
      retention: { frames_days: 30, reports_days: 365 },
    });
  });

  test.each([
    ['none', false],
    ['numbers', false],
    ['thumbnails', true],
  ] as const)('with live view %s forwards sentinel images: %s', (live_view, sentinel_pictures) => {
    expect(v.parse(ExamPolicySchema, { live_view })).toMatchObject({ live_view, sentinel_pictures });
  });

  test('keeps an explicit choice on sentinel images', () => {
    expect(v.parse(ExamPolicySchema, { live_view: 'none', sentinel_pictures: true }).sentinel_pictures).toBe(true);
    expect(v.parse(ExamPolicySchema, { sentinel_pictures: false })).toMatchObject({ live_view: 'numbers' });
  });

  test.each([
    ['live_view', 'video'],
    ['sentinel_pictures', 'yes'],
    ['evidence', 'video'],
    ['breaks', 1],
    ['may_run_without', { camera: 'yes' }],
    ['rules_version', 'x'.repeat(21)],
    ['webhook_url', 'http://example.edu/hook'],
    ['webhook_url', 'not a url'],
    ['webhook_format', 'caliper'],
    ['webhook_url', `https://example.edu/${'x'.repeat(2000)}`],
    ['organiser', { name: '' }],
    ['organiser', { name: 'School', privacy_url: 'javascript:alert(1)' }],
    ['exam_url', 'data:text/html,x'],
    ['retention', { frames_days: -1 }],
    ['retention', { frames_days: 1.5 }],
    ['retention', { reports_days: 3651 }],
  ])('refuses %s: %j', (field, value) => {
    const parsed = v.safeParse(ExamPolicySchema, { [field]: value });
    expect(parsed.success).toBe(false);
    expect(v.getDotPath(parsed.issues![0])).toMatch(new RegExp(`^${field}`));
  });

  test('explains that a webhook needs https', () => {
    const { issues } = v.safeParse(ExamPolicySchema, { webhook_url: 'http://example.edu' });
    expect(issues?.map(({ message }) => message)).toContain('webhook_url must start with https://');
  });

  test('keeps data until deleted by hand, if retention is null', () => {
    const retention = { frames_days: null, reports_days: 0 };
    expect(v.parse(ExamPolicySchema, { retention }).retention).toEqual(retention);
  });

  test('does not change when its stored form is parsed again', () => {
    const request = fc.record(
      {
        live_view: fc.constantFrom('none', 'numbers', 'thumbnails'),
        sentinel_pictures: fc.boolean(),
        evidence: fc.constantFrom('none', 'thumbnail'),
        breaks: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(request, (given) => {
        const stored = v.parse(ExamPolicySchema, given);
        expect(v.parse(ExamPolicySchema, stored)).toEqual(stored);
      }),
    );
  });
});
