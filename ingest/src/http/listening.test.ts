import { expect, test } from 'vitest';
import { urlOf } from './listening.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:8000'],
  ['proctor.example.org', 'http://proctor.example.org:8000'],
  ['::1', 'http://[::1]:8000'],
  ['0.0.0.0', 'http://localhost:8000'],
  ['::', 'http://localhost:8000'],
])('a server that listens at %s is opened at %s', (host, url) => {
  expect(urlOf(host, 8000)).toBe(url);
});
