import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  ContestRequestSchema,
  REVIEW_MARKS,
  REVIEW_OUTCOMES,
  ReviewRequestSchema,
  ReviewSchema,
  openReview,
} from './review.ts';

const messageOf = (value: unknown) => v.safeParse(ReviewRequestSchema, value).issues?.[0].message;
const mark = { id: 'phone_visible-3', mark: 'confirmed' };

describe('a review', () => {
  it.each(REVIEW_OUTCOMES)('may have the outcome %s alone', (outcome) => {
    expect(v.parse(ReviewRequestSchema, { outcome })).toEqual({ outcome, observations: [] });
  });

  it.each(REVIEW_MARKS)('may mark an observation as %s without an outcome', (value) => {
    expect(messageOf({ observations: [{ ...mark, mark: value }] })).toBeUndefined();
  });

  it('may have all parts', () => {
    const review = { outcome: 'follow_up', notes: 'see 10:40', observations: [{ ...mark, note: 'a calculator' }] };
    expect(v.parse(ReviewRequestSchema, review)).toEqual(review);
  });

  it('needs an outcome or a mark', () => {
    expect(messageOf({})).toBe('a review requires an outcome or at least one mark');
    expect(messageOf({ observations: [] })).toBe('a review requires an outcome or at least one mark');
  });

  it('needs an outcome for notes', () => {
    expect(messageOf({ notes: 'hm', observations: [mark] })).toBe('notes require an outcome');
  });

  it.each([
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

  it('accepts values at the limits', () => {
    const observations = Array.from({ length: 1000 }, () => mark);
    expect(messageOf({ outcome: 'inconclusive', notes: 'x'.repeat(4000), observations })).toBeUndefined();
  });

  it('starts open and empty', () => {
    expect(v.parse(ReviewSchema, openReview)).toEqual(openReview);
    expect(openReview).toMatchObject({ status: 'open', outcome: null, observations: [], contests: [] });
  });
});

describe("a student's explanation", () => {
  it.each([
    ['  it was my calculator ', 'it was my calculator'],
    ['x'.repeat(4000), 'x'.repeat(4000)],
  ])('is trimmed', (text, trimmed) => {
    expect(v.parse(ContestRequestSchema, { text })).toEqual({ text: trimmed });
  });

  it.each(['', '   ', 'x'.repeat(4001), 7, null])('refuses %j', (text) => {
    expect(v.is(ContestRequestSchema, { text })).toBe(false);
  });
});
