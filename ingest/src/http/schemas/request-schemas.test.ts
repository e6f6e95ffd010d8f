import fc from 'fast-check';
import { isId } from '@invigil/protocol/frame';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { problemOf } from '../../../test/problem-of.ts';
import { deliveryStatusOf } from './delivery-status.ts';
import { CountersSchema, PageSchema } from './presence-requests.ts';
import { reportFormatOf } from './report-format.ts';
import { idOf } from './request-id.ts';

describe('idOf', () => {
  test('rejects everything but an id, naming the field', () => {
    fc.assert(
      fc.property(
        fc.anything().filter((value) => !isId(value)),
        (value) => {
          expect(problemOf(() => idOf(value, 'exam_id'))).toMatchObject({ code: 'INVALID_MESSAGE', field: 'exam_id' });
        },
      ),
    );
  });

  test('returns an id unchanged', () => {
    expect(idOf('exam-1.a~b@c', 'exam_id')).toBe('exam-1.a~b@c');
  });

  test.each(['../x', 'a/b', 'a b', '', 'a\0'])('rejects %j', (value) => {
    expect(problemOf(() => idOf(value, 'id')).message).toContain('must be an id');
  });
});

test('reportFormatOf defaults to JSON and lists the formats', () => {
  expect(reportFormatOf(undefined)).toBe('json');
  expect(reportFormatOf('csv')).toBe('csv');
  expect(problemOf(() => reportFormatOf('pdf'))).toMatchObject({
    message: 'must be one of json, sd, csv',
    field: 'format',
  });
});

test('deliveryStatusOf returns null without a status and lists the statuses', () => {
  expect(deliveryStatusOf(undefined)).toBeNull();
  expect(deliveryStatusOf('failed')).toBe('failed');
  expect(problemOf(() => deliveryStatusOf(['failed']))).toMatchObject({
    message: 'must be one of pending, delivered, failed',
    field: 'status',
  });
});

test('PageSchema has defaults and bounds', () => {
  expect(v.parse(PageSchema, {})).toEqual({ sequence_id: 0, limit: 100 });
  for (const query of [{ limit: '0' }, { limit: '1001' }, { sequence_id: '-1' }, { sequence_id: '2147483648' }]) {
    expect(v.is(PageSchema, query)).toBe(false);
  }
});

test('CountersSchema takes at most 100 classrooms', () => {
  const ids = (count: number) => ({ classroom_ids: Array.from({ length: count }, (_, index) => `c${index}`) });
  expect(v.is(CountersSchema, ids(100))).toBe(true);
  expect(v.is(CountersSchema, ids(101))).toBe(false);
});
