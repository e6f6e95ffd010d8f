import { describe, expect, test } from 'vitest';
import type { Session } from '../model/session.ts';
import type { Row } from '../records/student-records.ts';
import type { Tables } from '../records/tables.ts';
import { studentRow } from './export-view.ts';
import { pageSessions, sessionPages } from './session-pages.ts';

const view = { memberId: 'ada', isReportVisible: async (examId: string | null) => examId !== 'hidden' };
const see = (table: keyof Tables, row: Row, examId: string | null = 'shown') => studentRow(view, table, row, examId);

describe('what a student sees of a row', () => {
  test.each(['exam_analyses', 'report_summaries', 'report_types', 'alerts', 'review_entries'] as const)(
    '%s only where reports are shown',
    async (table) => {
      const row = { actor: 'tina', acknowledged_by: null };
      expect(await see(table, row, 'hidden')).toBeNull();
      expect(await see(table, row)).not.toBeNull();
      expect(await see(table, row, null)).not.toBeNull();
    },
  );

  test('the summary of a report without its reviewers’ names', async () => {
    const row = { outcome: 'follow_up', outcome_by: 'tina', other_by: null };
    expect(await see('report_summaries', row)).toEqual({ outcome: 'follow_up', outcome_by: 'staff', other_by: null });
  });

  test('their own words, also where reports are hidden', async () => {
    const contest = { actor: 'ada', kind: 'contest', note: 'my words' };
    expect(await see('review_entries', contest, 'hidden')).toEqual(contest);
  });

  test('a reviewer’s decision without their name and their notes', async () => {
    const entry = { actor: 'tina', kind: 'mark', value: 'confirmed', note: 'private' };
    expect(await see('review_entries', entry)).toEqual({
      actor: 'staff',
      kind: 'mark',
      value: 'confirmed',
      note: null,
    });
  });

  test.each([
    ['tina', 'staff'],
    ['ada', 'ada'],
    [null, null],
  ])('who acknowledged an alert: %j as %j', async (acknowledgedBy, shown) => {
    expect(await see('alerts', { alert_id: 'a', acknowledged_by: acknowledgedBy, note: 'private' })).toEqual({
      alert_id: 'a',
      acknowledged_by: shown,
      note: null,
    });
  });

  test('their own request without the name of the teacher who dealt with it', async () => {
    const asked = { request_id: 'r', kind: 'help', text: 'my words', done_by: null };
    expect(await see('student_requests', asked)).toEqual(asked);
    expect(await see('student_requests', { ...asked, done_by: 'tina' })).toEqual({ ...asked, done_by: 'staff' });
  });

  test('a webhook without its address and its content, wherever reports are shown', async () => {
    const row = { delivery_id: 'd', url: 'https://hooks.example.org', body: '{"risk":7}', status: 'delivered' };
    for (const examId of ['shown', 'hidden']) {
      expect(await see('webhook_deliveries', row, examId)).toEqual({ ...row, url: null, body: null });
    }
  });

  test.each([
    ['review.mark', null],
    ['review.outcome', null],
    ['session.flag', null],
    ['session.message', '{"text":"hello"}'],
    ['session.started', '{"text":"hello"}'],
    // An action whose name only begins like a private one is not private.
    ['session.flagged', '{"text":"hello"}'],
  ])('the audit of %s without names, with detail %j', async (action, detail) => {
    expect(await see('audit', { actor: 'tina', action, detail: '{"text":"hello"}' })).toEqual({
      actor: 'staff',
      action,
      detail,
    });
  });

  test('all of their own actions', async () => {
    const own = { actor: 'ada', action: 'review.contest', detail: '{"note":"mine"}' };
    expect(await see('audit', own, 'hidden')).toEqual(own);
  });

  test.each(['sessions', 'exam_answers', 'accommodations', 'receipts'] as const)('%s as they are', async (table) => {
    const row = { session_id: 's', actor: 'tina', note: 'n', answer: 'a' };
    expect(await see(table, row, 'hidden')).toEqual(row);
  });
});

describe('pages of sessions', () => {
  const records = (count: number) => {
    const ids = Array.from({ length: count }, (_, at) => `s${String(at).padStart(4, '0')}`);
    const asked: string[] = [];
    return {
      ids,
      asked,
      async sessions(_memberId: string, after: string, limit: number): Promise<Session[]> {
        asked.push(after);
        return ids
          .filter((id) => id > after)
          .slice(0, limit)
          .map((sessionId) => ({ sessionId }) as Session);
      },
    };
  };

  test.each([0, 1, pageSessions - 1, pageSessions, pageSessions + 1, 3 * pageSessions])(
    'hold each of %i sessions once and are never empty',
    async (count) => {
      const from = records(count);
      const seen: string[] = [];
      for await (const page of sessionPages(from, 'ada')) {
        expect(page.length).toBeGreaterThan(0);
        seen.push(...page.map(({ sessionId }) => sessionId));
      }
      expect(seen).toEqual(from.ids);
    },
  );

  test('are not read before they are wanted', async () => {
    const from = records(3 * pageSessions);
    for await (const page of sessionPages(from, 'ada')) {
      expect(page).toHaveLength(pageSessions);
      break;
    }
    expect(from.asked).toEqual(['']);
  });

  test('let other work run in between', async () => {
    let turns = 0;
    const other = setImmediate(() => (turns += 1));
    for await (const _page of sessionPages(records(2 * pageSessions), 'ada')) expect(turns).toBeLessThan(2);
    clearImmediate(other);
    expect(turns).toBe(1);
  });
});
