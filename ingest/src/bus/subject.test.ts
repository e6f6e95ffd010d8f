import { expect, test } from 'vitest';
import { isMatch, subject } from './subject.ts';

test('an id with dots stays one word', () => {
  expect(subject('exams', 'a.b', 'status')).toBe('exams.a%2Eb.status');
  expect(isMatch('exams.*.status', subject('exams', 'a.b', 'status'))).toBe(true);
});

test('ids that differ make subjects that differ', () => {
  expect(subject('exams', 'a.b')).not.toBe(subject('exams', 'a%2Eb'));
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
