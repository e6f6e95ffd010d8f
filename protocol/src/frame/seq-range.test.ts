import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { SeqRangeSchema, SeqSchema } from './seq-range.ts';

describe('sequence numbers', () => {
  test.each([0, 1, Number.MAX_SAFE_INTEGER])('accept %s', (seq) => {
    expect(v.is(SeqSchema, seq)).toBe(true);
  });

  test.each([-1, 1.5, Number.MAX_SAFE_INTEGER + 1, NaN, '3', null])('refuse %s', (seq) => {
    expect(v.is(SeqSchema, seq)).toBe(false);
  });
});

describe('ranges of sequence numbers', () => {
  test.each([[[0, 0]], [[3, 9]]])('accept %j', (range) => {
    expect(v.parse(SeqRangeSchema, range)).toEqual(range);
  });

  test.each([[[0]], [[-1, 2]], [[0, 1.5]], ['0-3'], [null]])('refuse %j', (range) => {
    expect(v.is(SeqRangeSchema, range)).toBe(false);
  });

  test('explain a range in the wrong order', () => {
    expect(v.safeParse(SeqRangeSchema, [3, 0]).issues?.[0].message).toBe(
      'the first number of a range must not be greater than the last',
    );
  });
});
