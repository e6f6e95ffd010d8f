import type { Report } from '@invigil/protocol/report';
import { describe, expect, test } from 'vitest';
import { summaryOf } from './report-summary.ts';

const observation = (id: string, type: string, seconds: number) => ({ id, type, duration_s: seconds });
const reportOf = (parts: object): Partial<Report> => parts as Partial<Report>;
const noMarks = new Map<string, 'confirmed' | 'dismissed' | 'unsure'>();

describe('the summary of a report', () => {
  test('is unknown, not zero, where an earlier server stored no figures', () => {
    expect(summaryOf({}, noMarks)).toEqual({
      risk: null,
      durationS: null,
      observedS: null,
      liveS: null,
      lateS: null,
      coverageShare: null,
      violations: 0,
      types: [],
    });
  });

  test('keeps a risk of zero apart from an unknown one', () => {
    expect(summaryOf(reportOf({ risk: { value: 0 } }), noMarks).risk).toBe(0);
    expect(summaryOf(reportOf({ risk: { value: null } }), noMarks).risk).toBeNull();
  });

  test('shows the share that was observed live, or else the share that was observed at all', () => {
    const shareOf = (coverage: object) => summaryOf(reportOf({ coverage }), noMarks).coverageShare;
    expect(shareOf({ share: 0.9, live_share: 0 })).toBe(0);
    expect(shareOf({ share: 0.9, live_share: null })).toBe(0.9);
    expect(shareOf({ share: null })).toBeNull();
  });

  test('adds up the observations of each type, in the order of the report', () => {
    const observations = [
      observation('a', 'phone_visible', 2),
      observation('b', 'face_absent', 1),
      observation('c', 'phone_visible', 3),
    ];
    const { types } = summaryOf(reportOf({ observations }), noMarks);
    expect(types.map(({ type, observations: count, seconds }) => [type, count, seconds])).toEqual([
      ['phone_visible', 2, 5],
      ['face_absent', 1, 1],
    ]);
  });

  test('counts an alert under the mark of its observation, and an unmarked one under none', () => {
    const report = reportOf({
      observations: [observation('a', 'phone_visible', 2), observation('b', 'phone_visible', 2)],
      alerts: [
        { observation_id: 'a', type: 'phone_visible' },
        { observation_id: 'b', type: 'phone_visible' },
      ],
    });
    expect(summaryOf(report, new Map([['a', 'dismissed']])).types).toEqual([
      {
        type: 'phone_visible',
        observations: 2,
        seconds: 4,
        marks: { confirmed: 0, dismissed: 1, unsure: 0 },
        alerts: 2,
        alertMarks: { confirmed: 0, dismissed: 1, unsure: 0 },
      },
    ]);
  });

  test('lists a type that has an alert but no observation, because other rules may have found none', () => {
    const report = reportOf({ alerts: [{ observation_id: 'a', type: 'phone_visible' }] });
    expect(summaryOf(report, noMarks).types).toMatchObject([{ type: 'phone_visible', observations: 0, alerts: 1 }]);
  });

  test('ignores marks of observations that the report no longer has', () => {
    const report = reportOf({ observations: [observation('a', 'phone_visible', 2)] });
    const [type] = summaryOf(report, new Map([['gone', 'confirmed']])).types;
    expect(type?.marks).toEqual({ confirmed: 0, dismissed: 0, unsure: 0 });
  });
});
