import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasNullCharacter } from '../model/null-character.ts';
import { parseJson } from './parse-json.ts';

test.each(['', '{', 'undefined', "{'a':1}", '{"a":1}x', '\u0000'])('%j is no JSON, so it is null', (text) => {
  expect(parseJson(text)).toBeNull();
});

test.each([
  [JSON.stringify({ note: ['a\0b'] }), null],
  [String.raw`{"note":"a backslash: \\u0000"}`, { note: String.raw`a backslash: \u0000` }],
])('%s: only a real null character makes it null', (text, expected) => {
  expect(parseJson(text)).toEqual(expected);
});

test('any JSON is read as it is, and any other text never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, text) => {
      const written = JSON.stringify(value);
      expect(parseJson(written)).toEqual(hasNullCharacter(value) ? null : JSON.parse(written));
      expect(() => parseJson(text)).not.toThrow();
    }),
  );
});
