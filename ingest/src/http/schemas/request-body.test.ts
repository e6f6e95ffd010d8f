import type { Request } from 'express';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { problemOf } from '../../../test/problem-of.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { bodyOf } from './request-body.ts';

const Schema = v.object({
  name: v.optional(v.pipe(v.string(), v.maxLength(10))),
  list: v.optional(v.array(v.object({ size: v.number() })), []),
});

const requestOf = (body: unknown, headers: Record<string, string> = {}): Request => ({ body, headers }) as Request;

describe('bodyOf', () => {
  test('treats a missing body as an empty object, with any content headers', () => {
    for (const headers of [{}, { 'content-length': '0' }]) {
      expect(bodyOf(Schema, requestOf(undefined, headers))).toEqual({ list: [] });
    }
  });

  test.each([{ 'content-length': '7' }, { 'transfer-encoding': 'chunked' }])(
    'refuses a body that no parser read (%j), because its content would be lost',
    (headers: Record<string, string>) => {
      expect(problemOf(() => bodyOf(Schema, requestOf(undefined, headers)))).toMatchObject({
        code: 'BAD_JSON',
        field: null,
        message: expect.stringContaining('application/json'),
      });
    },
  );

  test('refuses everything but an object', () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.anything()), fc.string(), fc.double(), fc.constant(null)), (body) => {
        expect(problemOf(() => bodyOf(Schema, requestOf(body)))).toMatchObject({ code: 'INVALID_MESSAGE' });
      }),
    );
  });

  test('names the first invalid field by its path', () => {
    const body = { list: [{ size: 1 }, { size: 'large' }] };
    expect(problemOf(() => bodyOf(Schema, requestOf(body)))).toMatchObject({ field: 'list.1.size' });
  });

  test('tells a missing field from an invalid one', () => {
    const Required = v.object({ name: v.string() });
    expect(problemOf(() => bodyOf(Required, requestOf({}))).message).toMatch(/^is required/);
    expect(problemOf(() => bodyOf(Required, requestOf({ name: 7 }))).message).not.toMatch(/required/);
  });

  test('drops fields that the schema does not have', () => {
    expect(bodyOf(Schema, requestOf({ name: 'ok', role: 'ADMIN' }))).toEqual({ name: 'ok', list: [] });
  });

  test('finds U+0000 at any depth and in no other text', () => {
    const Open = v.object({ value: v.unknown() });
    const texts = fc.array(fc.string({ unit: fc.constantFrom('a', '\0', 'ß', '😀') }), { maxLength: 8 });
    fc.assert(
      fc.property(texts, (all) => {
        const value = all.reduce<unknown>((inner, text, at) => (at % 2 ? { text, inner } : [text, inner]), null);
        const isRefused = (): boolean => {
          try {
            return bodyOf(Open, requestOf({ value })).value !== value;
          } catch (error) {
            return error instanceof HttpProblem && error.message.includes('U+0000');
          }
        };
        expect(isRefused()).toBe(all.some((text) => text.includes('\0')));
      }),
    );
  });

  test('cuts a message that quotes a long value', () => {
    const Short = v.object({ name: v.picklist(['a']) });
    const { message } = problemOf(() => bodyOf(Short, requestOf({ name: 'x'.repeat(10_000) })));
    expect(message.length).toBeLessThanOrEqual(300);
  });
});
