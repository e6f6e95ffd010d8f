import { observationTypes } from '@invigil/protocol/rules';
import { describe, expect, test } from 'vitest';
import type { ListedReport } from '../records/report-summary-records.ts';
import { listedReportBody, listedReportLine, reportListHead } from './report-list-body.ts';

type Summary = ListedReport['summary'];

const summary: Summary = {
  session_id: 's1',
  exam_id: 'physics',
  member_id: 'ada',
  version: 2,
  rules_version: '7',
  started_at: '2026-01-05T09:00:00.000Z',
  ended_at: null,
  risk: null,
  duration_s: 100,
  observed_s: 0,
  live_s: null,
  late_s: null,
  coverage_share: 0,
  observations: 3,
  violations: 0,
  contests: 0,
  outcome: null,
  outcome_by: null,
  outcome_at: null,
  other_outcome: null,
  other_by: null,
};
const typeOf = (type: string, observations: number, alerts: number) =>
  ({ type, observations, alerts }) as ListedReport['types'][number];
const reportOf = (changes: Partial<Summary> = {}, studentName: string | null = null): ListedReport => ({
  summary: { ...summary, ...changes },
  studentName,
  types: [typeOf('phone_visible', 3, 1), typeOf('gaze_away', 0, 2)],
  place: { value: 0, sessionId: 's1' },
});

describe('a report in the list', () => {
  test('has no coverage, rather than one of zero, if its report states none', () => {
    expect(listedReportBody(reportOf({ duration_s: null }), 1).coverage).toBeNull();
    expect(listedReportBody(reportOf(), 1).coverage).toMatchObject({ share: 0, observed_s: 0, live_s: null });
  });

  test('lists types with observations only, and counts the alerts of all types', () => {
    expect(listedReportBody(reportOf(), 1)).toMatchObject({ observations: { phone_visible: 3 }, alerts: 3 });
  });

  test.each([
    ['open', 1, {}],
    ['open', 2, {}],
    ['reviewed', 1, { outcome: 'follow_up', outcome_by: 'tina' }],
    ['second', 2, { outcome: 'follow_up', outcome_by: 'tina' }],
    ['reviewed', 2, { outcome: 'follow_up', outcome_by: 'tina', other_outcome: 'inconclusive', other_by: 'tom' }],
  ])('is %s for %i reviewers after %j', (status, reviewers, changes) => {
    expect(listedReportBody(reportOf(changes), reviewers).review.status).toBe(status);
  });
});

describe('a line of the list as CSV', () => {
  const cellsOf = (line: string): string[] => line.trimEnd().split(',');
  const cellOf = (line: string, column: string): string | undefined =>
    cellsOf(line)[cellsOf(reportListHead).indexOf(column)];

  test('has a cell for every column, with zero for types that were not observed', () => {
    const line = listedReportLine(reportOf(), 1);
    expect(cellsOf(line)).toHaveLength(cellsOf(reportListHead).length);
    const counts = observationTypes.map((type) => cellOf(line, type));
    expect(counts).toEqual(observationTypes.map((type) => (type === 'phone_visible' ? '3' : '0')));
  });

  test('leaves unknown figures empty and keeps zeros', () => {
    const line = listedReportLine(reportOf(), 1);
    expect(['priority', 'live_s', 'outcome', 'ended_at'].map((column) => cellOf(line, column))).toEqual([
      '',
      '',
      '',
      '',
    ]);
    expect(['coverage_share', 'violations'].map((column) => cellOf(line, column))).toEqual(['0', '0']);
  });

  test.each(['=HYPERLINK("http://evil.example")', '+1', '-1', '@SUM(A1)'])(
    'does not let a spreadsheet run a student’s name as a formula: %s',
    (name) => {
      const line = listedReportLine(reportOf({}, name), 1);
      expect(cellOf(line, 'student_name')).not.toMatch(/^"?[=+\-@]/);
    },
  );

  test('quotes a name with commas, quotes and line breaks', () => {
    expect(listedReportLine(reportOf({}, 'Ünal, "Ada"\nB'), 1)).toContain('"Ünal, ""Ada""\nB"');
  });
});
