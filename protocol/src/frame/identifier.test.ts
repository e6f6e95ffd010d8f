import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { IdSchema, isId } from './identifier.ts';
import { limits } from './limits.ts';

describe('identifiers', () => {
  test.each(['a', '0', 'student-42', 'a.b', 'jane@example.edu', '~x', '_', '-', 'x'.repeat(128)])('accept %s', (id) => {
    expect(isId(id)).toBe(true);
  });

  test.each(['', '.', '..', '.hidden', 'a/b', 'a\\b', 'a:b', 'a b', 'a%2Fb', 'ä', 'a\n', 'x'.repeat(129), 7, null, {}])(
    'refuse %j',
    (id) => {
      expect(isId(id)).toBe(false);
    },
  );

  test.each([
    ['', 'must not be empty'],
    ['a/b', 'letters, digits'],
    ['x'.repeat(129), `at most ${limits.idLength}`],
  ])('explain what is wrong with %j', (id, message) => {
    expect(v.safeParse(IdSchema, id).issues?.[0].message).toContain(message);
  });

  test('are always safe in file names, Redis keys and URLs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 6 }), (text) => {
        if (!isId(text)) return;
        expect(text).not.toMatch(/[/\\:%\s]|^\./);
        expect(encodeURIComponent(text).replaceAll('%40', '@')).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
