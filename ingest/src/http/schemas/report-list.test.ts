import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { problemOf } from '../../../test/problem-of.ts';
import { BulkReviewSchema, cursorOf, placeOf, reportListQueryOf } from './report-list.ts';
import { reportVersionOf } from './report-version.ts';

describe('the query of a list of reports', () => {
  test('has defaults for everything but the filters', () => {
    expect(reportListQueryOf({})).toEqual({ sort: 'priority', limit: 50, format: 'json' });
  });

  test('takes the limits of risk and coverage as decimal numbers', () => {
    expect(reportListQueryOf({ max_risk: '12.5', min_coverage: '0.80', limit: '200' })).toMatchObject({
      max_risk: 12.5,
      min_coverage: 0.8,
      limit: 200,
    });
  });

  test.each([
    ['limit', '0'],
    ['limit', '201'],
    ['limit', '1.5'],
    ['limit', '1e2'],
    ['max_risk', '100.000001'],
    ['max_risk', '-1'],
    ['max_risk', 'NaN'],
    ['max_risk', ''],
    ['min_coverage', '1.01'],
    ['min_coverage', ['0.5', '0.9']],
    ['order', 'up'],
    ['type', 'no_such_type'],
    ['student', ''],
    ['student', 'a'.repeat(201)],
    ['decidable', 'false'],
    ['cursor', 'a'.repeat(2001)],
    ['format', 'pdf'],
  ])('is refused for %s = %j, with the name of the parameter', (field, value) => {
    expect(problemOf(() => reportListQueryOf({ [field]: value }))).toMatchObject({ code: 'INVALID_MESSAGE', field });
  });
});

describe('a cursor of a list of reports', () => {
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

  test.each([
    ['priority', { value: 12.5, sessionId: 's1' }],
    ['student', { value: 'Ada – Ünal', sessionId: 's1' }],
    ['ended_at', { value: '2026-01-05T09:00:00.000Z', sessionId: 's1' }],
  ] as const)('leads back to its place in the order by %s', (sort, place) => {
    expect(placeOf(cursorOf(sort, place), sort)).toEqual(place);
  });

  test.each([
    ['of another order', cursorOf('coverage', { value: 1, sessionId: 's1' })],
    ['with a text where the order has a number', encoded(['priority', '1', 's1'])],
    ['with more than a place', encoded(['priority', 1, 's1', 'more'])],
    ['with a character that Postgres cannot store', encoded(['priority', 1, 's\0'])],
    ['that is no JSON', 'AAAA'],
    ['that is empty', ''],
  ])('%s is refused', (_name, cursor) => {
    expect(problemOf(() => placeOf(cursor, 'priority'))).toMatchObject({ code: 'INVALID_MESSAGE', field: 'cursor' });
  });

  test('with a number where the order has a text is refused', () => {
    expect(problemOf(() => placeOf(encoded(['student', 1, 's1']), 'student'))).toMatchObject({ field: 'cursor' });
  });
});

describe('a decision on many reports', () => {
  const body = { outcome: 'nothing_to_follow_up', max_risk: 5 };

  test('without a number that the reviewer saw only counts, at any coverage', () => {
    expect(v.parse(BulkReviewSchema, body)).toEqual({ ...body, min_coverage: 0 });
  });

  test.each([
    ['an outcome that accuses a student', { outcome: 'follow_up' }],
    ['a negative risk', { max_risk: -1 }],
    ['a risk above 100', { max_risk: 101 }],
    ['a coverage in per cent', { min_coverage: 80 }],
    ['half a report', { expected: 1.5 }],
    ['notes beyond their limit', { notes: 'a'.repeat(4001) }],
  ])('refuses %s', (_name, change) => {
    expect(v.is(BulkReviewSchema, { ...body, ...change })).toBe(false);
  });

  test('needs an explicit limit of risk', () => {
    expect(v.is(BulkReviewSchema, { outcome: 'nothing_to_follow_up' })).toBe(false);
  });
});

describe('the version of a report', () => {
  test('is the newest if the query names none', () => {
    expect([reportVersionOf(undefined), reportVersionOf('12')]).toEqual([null, 12]);
  });

  test.each(['0', '01', '-1', '1.0', '', '9999999999', ['1', '2'], 1])('is refused as %j', (value) => {
    expect(problemOf(() => reportVersionOf(value))).toMatchObject({ code: 'INVALID_MESSAGE', field: 'version' });
  });
});
