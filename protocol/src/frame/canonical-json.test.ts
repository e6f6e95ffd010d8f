import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonical JSON of single values', () => {
  test.each([
    [null, 'null'],
    [true, 'true'],
    [0, '0'],
    [-0, '0'],
    [1e21, '1e+21'],
    [0.000001, '0.000001'],
    [1e-7, '1e-7'],
    ['a"b\n', '"a\\"b\\n"'],
    ['€', '"€"'],
    [[], '[]'],
    [{}, '{}'],
    [[3, [1], {}], '[3,[1],{}]'],
    [{ b: 1, a: { d: 2, c: 3 } }, '{"a":{"c":3,"d":2},"b":1}'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [{ a: NaN }, '{"a":null}'],
  ])('%j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('sorts by UTF-16 code units, as in the example of RFC 8785 §3.2.3', () => {
    const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
    const names = Object.keys(JSON.parse(canonicalJson(value)) as object);
    expect(names).toEqual(['1', '\r', '\u0080', 'ö', '€', '😀', '\ufb33']);
  });

  test('is the same text however an object can hold its members', () => {
    const reference = (value: unknown): string => {
      if (typeof value !== 'object' || value === null) return JSON.stringify(value);
      if (Array.isArray(value)) return `[${value.map(reference).join(',')}]`;
      const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
      return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${reference(member)}`).join(',')}}`;
    };
    // Objects list integers first, and `__proto__` is not a member of an object that it is assigned to.
    const name = fc.constantFrom('a', 'b', 'B', '10', '9', '01', '__proto__', '€', 'null');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, true, -0, 1.5, 1e21, 'n"'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(name, tie('value'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(value, (each) => {
        expect(canonicalJson(each)).toBe(reference(each));
      }),
      { numRuns: 300 },
    );
  });

  test('omits names only from the outermost object', () => {
    expect(canonicalJson({ a: 1, b: { a: 2 } }, new Set(['a']))).toBe('{"b":{"a":2}}');
  });
});
