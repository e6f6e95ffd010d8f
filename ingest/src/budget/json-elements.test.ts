import { expect, test } from 'vitest';
import { hasTooManyElements } from './json-elements.ts';

const tooMany = (text: string): boolean => hasTooManyElements(Buffer.from(text), 10);

test('counts arrays, objects and members, however they are nested', () => {
  expect(tooMany('['.repeat(11))).toBe(true);
  expect(tooMany('{"a":'.repeat(11))).toBe(true);
  expect(tooMany(`[${'1,'.repeat(11)}1]`)).toBe(true);
  expect(tooMany(`[${'[],'.repeat(4)}1]`)).toBe(false);
});

test('a long string is one element', () => {
  expect(tooMany(JSON.stringify({ data: 'x'.repeat(1_000_000) }))).toBe(false);
});

test('as many elements as the limit are allowed, and one more is not', () => {
  for (const mark of ['[', '{', ',']) {
    expect(tooMany(`${mark.repeat(10)}      `)).toBe(false);
    expect(tooMany(`${mark.repeat(11)}      `)).toBe(true);
  }
  expect(tooMany(`${'['.repeat(4)}${'{'.repeat(4)}${','.repeat(3)}`)).toBe(true);
});
