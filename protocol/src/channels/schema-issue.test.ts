import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { firstIssue } from './schema-issue.ts';

const schema = v.object({ frames: v.array(v.object({ seq: v.pipe(v.number(), v.minValue(0, 'seq starts at 0')) })) });
const issueOf = (value: unknown) => firstIssue(v.safeParse(schema, value).issues ?? []);

describe('the first issue', () => {
  test('names the field by its path, and the reason', () => {
    expect(issueOf({ frames: [{ seq: 1 }, { seq: -1 }] })).toEqual({
      field: 'frames.1.seq',
      message: 'seq starts at 0',
    });
  });

  test('has no field if the whole value is wrong', () => {
    expect(issueOf(null)).toMatchObject({ field: '', message: expect.stringContaining('null') as string });
  });

  test('quotes at most 300 characters of the client’s input', () => {
    const { message } = firstIssue(v.safeParse(v.picklist(['a']), 'x'.repeat(5000)).issues!);
    expect(message).toHaveLength(300);
  });

  test('of no issue is "invalid"', () => {
    expect(firstIssue([])).toEqual({ field: '', message: 'invalid' });
  });
});
