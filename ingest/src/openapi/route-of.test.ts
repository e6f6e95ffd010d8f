import { expect, test } from 'vitest';
import { operations } from './operations.ts';
import { routeOf } from './route-of.ts';

const route = routeOf(operations);

test.each([
  ['POST', '/api/v1/session/ada-physics/end', '/api/v1/session/{session_id}/end'],
  ['HEAD', '/healthz', '/healthz'],
  ['GET', '/api/v1/exams', '/api/v1/exams'],
  ['DELETE', '/api/v1/exams', null],
  ['GET', '/exam/ada.html', null],
])('%s %s is %s', (method, path, expected) => expect(route(method, path)).toBe(expected));

test('every operation is found by its own path', () => {
  for (const { method, path } of operations) {
    expect(route(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'some-id'))).toBe(path);
  }
});
