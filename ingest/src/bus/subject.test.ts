import { expect, test } from 'vitest';
import { anyWord, isMatch, subject } from './subject.ts';

test('an id with dots stays one word', () => {
  expect(subject('exams.*.status', ['a.b'])).toBe('exams.a%2Eb.status');
  expect(isMatch('exams.*.status', subject('exams.*.status', ['a.b']))).toBe(true);
});

test('different ids make different subjects', () => {
  expect(subject('exams.*', ['a.b'])).not.toBe(subject('exams.*', ['a%2Eb']));
});

test('an id is never a wildcard', () => {
  expect(subject('exams.*.all', ['*'])).toBe('exams.%2A.all');
  expect(subject('exams.*.all', ['>'])).toBe('exams.%3E.all');
  expect(subject('exams.*.all', [anyWord])).toBe('exams.*.all');
});

test('every wildcard needs a word', () => {
  expect(() => subject('classrooms.*.*', ['one'])).toThrow('classrooms.*.*');
});

test.each([
  ['exams.1.status', 'exams.1.status', true],
  ['exams.1.status', 'exams.2.status', false],
  ['exams.*.status', 'exams.1.status', true],
  ['exams.*', 'exams.1.status', false],
  ['exams.*', 'exams', false],
  ['exams.>', 'exams.1.status', true],
  ['exams.>', 'exams', false],
  ['exams.1', 'exams.1.status', false],
])('%s takes %s: %s', (pattern, candidate, expected) => {
  expect(isMatch(pattern, candidate)).toBe(expected);
});
