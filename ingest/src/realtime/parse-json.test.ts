import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from './parse-json.ts';

test.each(['', '{', 'undefined', "{'a':1}", '{"a":1}x', '\u0000'])('%j is no JSON, so it is null', (text) => {
  expect(parseJson(text)).toBeNull();
});

test('any JSON is read as it is, and any other text never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, text) => {
      const written = JSON.stringify(value);
      expect(parseJson(written)).toEqual(JSON.parse(written));
      expect(() => parseJson(text)).not.toThrow();
    }),
  );
});
