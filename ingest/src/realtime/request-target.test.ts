import { expect, test } from 'vitest';
import { requestTarget } from './request-target.ts';

const base = 'http://localhost';

test.each([
  '/api/v1/session/ws/s-1?token=a.b-c_d',
  '/ws/presence',
  '/ws/alerts/ada?token=a%2Bb+c&compression=off&token=second',
  '/ws/sentinel?',
  '/ws/sentinel?a=?b=1',
  '/ws/sentinel??token=a',
  '/ws/sentinel?a&b=%E2%82%AC&c=%ZZ',
])('reads path and query of %s as URL does', (target) => {
  const { pathname, searchParams } = requestTarget(target);
  const url = new URL(target, base);
  expect(pathname).toBe(url.pathname);
  expect([...searchParams]).toEqual([...url.searchParams]);
});

test('a target that is not a path is left as it is', () => {
  expect(requestTarget('').pathname).toBe('');
  expect(requestTarget('//').pathname).toBe('//');
  expect(requestTarget('*').pathname).toBe('*');
});
