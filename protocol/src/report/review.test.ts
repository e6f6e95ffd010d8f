import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  ContestRequestSchema,
  reviewMarks,
  reviewOutcomes,
  ReviewRequestSchema,
  ReviewSchema,
  openReview,
} from './review.ts';

const messageOf = (value: unknown) => v.safeParse(ReviewRequestSchema, value).issues?.[0].message;
const mark = { id: 'phone_visible-3', mark: 'confirmed' };

describe('a review', () => {
  test.each(reviewOutcomes)('may have the outcome %s alone', (outcome) => {
    expect(v.parse(ReviewRequestSchema, { outcome })).toEqual({ outcome, observations: [] });
  });

  test.each(reviewMarks)('may mark an observation as %s without an outcome', (value) => {
    expect(messageOf({ observations: [{ ...mark, mark: value }] })).toBeUndefined();
  });

  test('may have all parts', () => {
    const review = { outcome: 'follow_up', notes: 'see 10:40', observations: [{ ...mark, note: 'a calculator' }] };
    expect(v.parse(ReviewRequestSchema, review)).toEqual(review);
  });

  test('needs an outcome or a mark', () => {
    expect(messageOf({})).toBe('a review requires an outcome or at least one mark');
    expect(messageOf({ observations: [] })).toBe('a review requires an outcome or at least one mark');
  });

  test('needs an outcome for notes', () => {
    expect(messageOf({ notes: 'hm', observations: [mark] })).toBe('notes require an outcome');
  });

  test.each([
    { outcome: 'guilty' },
    { outcome: 'follow_up', notes: 'x'.repeat(4001) },
    { observations: [{ ...mark, mark: 'cheating' }] },
    { observations: [{ mark: 'confirmed' }] },
    { observations: [{ ...mark, id: 'x'.repeat(301) }] },
    { observations: [{ ...mark, note: 'x'.repeat(4001) }] },
    { observations: Array.from({ length: 1001 }, () => mark) },
  ])('refuses invalid or oversized values', (value) => {
    expect(v.is(ReviewRequestSchema, value)).toBe(false);
  });

  test('accepts values at the limits', () => {
    const observations = Array.from({ length: 1000 }, () => mark);
    expect(messageOf({ outcome: 'inconclusive', notes: 'x'.repeat(4000), observations })).toBeUndefined();
  });

  test('starts open and empty', () => {
    expect(v.parse(ReviewSchema, openReview)).toEqual(openReview);
    expect(openReview).toMatchObject({ status: 'open', outcome: null, observations: [], contests: [] });
  });
});

describe("a student's explanation", () => {
  test.each([
    ['  it was my calculator ', 'it was my calculator'],
    ['x'.repeat(4000), 'x'.repeat(4000)],
  ])('is trimmed', (text, trimmed) => {
    expect(v.parse(ContestRequestSchema, { text })).toEqual({ text: trimmed });
  });

  test.each(['', '   ', 'x'.repeat(4001), 7, null])('refuses %j', (text) => {
    expect(v.is(ContestRequestSchema, { text })).toBe(false);
  });
});
