import { expect, test } from 'vitest';
import type { Row } from '../records/student-records.ts';
import type { Tables } from '../records/tables.ts';
import { studentRow } from './export-view.ts';

/** What ada reads. */
const shown = (table: keyof Tables, row: Row, isVisible = true): Promise<Row | null> =>
  studentRow({ memberId: 'ada', isReportVisible: async () => isVisible }, table, row, 'physics');

test.each<[keyof Tables, string]>([
  ['alerts', 'acknowledged_by'],
  ['exam_links', 'created_by'],
  ['student_requests', 'done_by'],
  ['report_summaries', 'outcome_by'],
  ['report_summaries', 'other_by'],
  ['review_entries', 'actor'],
  ['audit', 'actor'],
])('a row of %s says that staff did it, not who: %s', async (table, column) => {
  expect(await shown(table, { [column]: 'tess', session_id: 's' })).toMatchObject({
    [column]: 'staff',
    session_id: 's',
  });
});

test.each<[keyof Tables, string]>([
  ['alerts', 'acknowledged_by'],
  ['exam_links', 'created_by'],
  ['student_requests', 'done_by'],
])('a row of %s that nobody has acted on names no staff: %s', async (table, column) => {
  expect(await shown(table, { [column]: null })).toMatchObject({ [column]: null });
});

test('addresses of other systems are left out, and what a platform sent for itself', async () => {
  const attempt = { start_assessment_url: 'https://a', control_url: 'https://b', session_data: 'opaque' };
  expect(await shown('lti_attempts', { ...attempt, subject: '7' })).toEqual({
    start_assessment_url: null,
    control_url: null,
    session_data: null,
    subject: '7',
  });
  expect(await shown('webhook_deliveries', { url: 'https://c', body: '{}', status: 'failed' })).toEqual({
    url: null,
    body: null,
    status: 'failed',
  });
});

test.each<keyof Tables>(['exam_analyses', 'report_summaries', 'report_types', 'alerts', 'review_entries'])(
  'a row of %s is hidden while the exam hides its reports',
  async (table) => {
    expect(await shown(table, { session_id: 's' }, false)).toBeNull();
    expect(await shown(table, { session_id: 's' }, true)).not.toBeNull();
  },
);

test('the student’s own contest stays readable, also while the reports are hidden', async () => {
  const contest = { actor: 'ada', note: 'It was my brother.' };
  expect(await shown('review_entries', contest, false)).toEqual(contest);
});

test.each(['review.mark', 'session.flag', 'alert.outcome'])('staff’s note in %s stays among staff', async (action) => {
  expect(await shown('audit', { actor: 'tess', action, detail: 'private' })).toMatchObject({ detail: null });
});

test.each(['session.message', 'session.flagged', 'session.extra_time'])(
  'the detail of %s is the student’s to read',
  async (action) => {
    expect(await shown('audit', { actor: 'tess', action, detail: 'open' })).toMatchObject({ detail: 'open' });
  },
);
