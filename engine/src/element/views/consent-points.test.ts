import { describe, expect, test } from 'vitest';
import type { ExamNotice } from '../notice/exam-notice.ts';
import { elementTexts } from '../texts/element-texts.ts';
import { consentPoints } from './consent-points.ts';

const texts = elementTexts('en').consent;
const notice = (change: Partial<ExamNotice> = {}): ExamNotice => ({
  server_time: '2026-01-05T09:00:00Z',
  started_at: null,
  ends_at: null,
  organiser: null,
  images: { while_watched: false, with_alerts: false },
  proctor_sees_numbers: true,
  report_to_student: true,
  retention: { frames_days: 30, reports_days: 365 },
  ...change,
});
const textOf = (name: string, given: ExamNotice | null, mayPicture = true): string =>
  consentPoints(given, mayPicture, texts).find((point) => point.name === name)!.text;

describe('what is sent', () => {
  test.each([
    [false, false, texts.sent.never],
    [true, false, texts.sent.watched],
    [false, true, texts.sent.alerts],
    [true, true, texts.sent.both],
  ])('images while watched %s, with alerts %s', (while_watched, with_alerts, text) => {
    const given = notice({ images: { while_watched, with_alerts } });
    expect(textOf(texts.sent.name, given)).toBe(text);
    expect(textOf(texts.sent.name, given, false)).toBe(texts.sent.never);
  });
});

test('who sees it depends on the live view and on whether students read their report', () => {
  expect(textOf(texts.seen.name, notice())).toContain(texts.seen.live);
  const closed = textOf(texts.seen.name, notice({ proctor_sees_numbers: false, report_to_student: false }));
  expect(closed).toContain(texts.seen.notLive);
  expect(closed).toContain(texts.seen.noReport);
  expect(closed).not.toContain(texts.seen.history);
  expect(textOf(texts.seen.name, notice({ history: true }))).toContain(texts.seen.history);
});

test.each([
  [30, 365, 'Measurements: 30 days after the exam. Report: 365 days after the exam.'],
  [0, 1, 'Measurements: until the end of the exam. Report: one day after the exam.'],
  [null, null, 'Measurements: until the organiser deletes them. Report: until the organiser deletes them.'],
])('kept for %s and %s days', (frames_days, reports_days, text) => {
  expect(textOf(texts.kept.name, notice({ retention: { frames_days, reports_days } }))).toContain(text);
});

test('without a notice, states what may hold for any exam', () => {
  expect(consentPoints(null, true, texts).map(({ text }) => text)).toEqual([
    texts.read.text,
    texts.sent.text,
    texts.seen.text,
    texts.kept.text,
  ]);
});
