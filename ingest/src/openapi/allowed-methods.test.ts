import { expect, test } from 'vitest';
import { allowedMethods } from './allowed-methods.ts';
import { operations } from './operations.ts';

const methodsOf = allowedMethods(operations);

test('lists the methods of a described path, with HEAD beside GET', () => {
  expect(methodsOf('/healthz')).toEqual(['GET', 'HEAD']);
  expect(methodsOf('/api/v1/exams')).toEqual(['POST', 'GET', 'HEAD']);
  expect(methodsOf('/api/v1/session/any-id/end')).toEqual(['POST']);
  expect(methodsOf('/api/v1/session/any-id/end/')).toEqual(['POST']);
});

test('knows no methods for other paths', () => {
  for (const path of ['/', '/healthzz', '/api/v1/session/a/b/end', '/openapiXjson', '/exam.html']) {
    expect(methodsOf(path)).toEqual([]);
  }
});

test('allows every described operation', () => {
  for (const { method, path } of operations) {
    expect(methodsOf(path.replaceAll(/\{\w+\}/g, 'some-id'))).toContain(method.toUpperCase());
  }
});
