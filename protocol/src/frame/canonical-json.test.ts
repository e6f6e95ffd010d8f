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

  test('omits names only from the outermost object', () => {
    expect(canonicalJson({ a: 1, b: { a: 2 } }, new Set(['a']))).toBe('{"b":{"a":2}}');
  });
});
