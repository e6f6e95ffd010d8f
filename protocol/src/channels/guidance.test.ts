import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { BreakRequestSchema, FlagRequestSchema, MessageRequestSchema } from './guidance.ts';

describe('guidance of a student', () => {
  test.each([
    [MessageRequestSchema, 'text', 1000],
    [FlagRequestSchema, 'note', 4000],
  ] as const)('trims text and limits its length', (schema, field, maxLength) => {
    expect(v.parse(schema as v.GenericSchema, { [field]: '  hello ' })).toEqual({ [field]: 'hello' });
    expect(v.is(schema, { [field]: 'x'.repeat(maxLength) })).toBe(true);
    expect(v.is(schema, { [field]: 'x'.repeat(maxLength + 1) })).toBe(false);
    for (const value of ['', '   ', 7, null, undefined]) expect(v.is(schema, { [field]: value })).toBe(false);
  });

  test.each([
    ['begin', true],
    ['end', true],
    ['pause', false],
    [null, false],
  ])('a break action %s is valid: %s', (action, valid) => {
    expect(v.is(BreakRequestSchema, { action })).toBe(valid);
  });
});
