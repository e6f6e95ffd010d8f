import { expect, test } from 'vitest';
import { isOriginAllowed } from './origin-policy.ts';

const listed = { allowedOrigins: ['https://exam.example.org'], hostNames: null };
const loopback = { allowedOrigins: [], hostNames: ['localhost', '127.0.0.1', '[::1]'] };

test.each([
  ['a program without an origin', undefined, 'proctor.example.org', true],
  ['the server’s own pages', 'https://proctor.example.org', 'proctor.example.org', true],
  ['a listed origin', 'https://exam.example.org', 'proctor.example.org', true],
  ['another origin', 'https://evil.example.org', 'proctor.example.org', false],
  ['another port', 'https://proctor.example.org:444', 'proctor.example.org', false],
  ['a file or sandbox', 'null', 'proctor.example.org', false],
  ['no host at all', 'https://proctor.example.org', undefined, false],
])('%s', (_what, origin, host, allowed) => {
  expect(isOriginAllowed({ origin, host }, listed)).toBe(allowed);
});

test.each([
  ['localhost:8000', true],
  ['127.0.0.1:8000', true],
  ['[::1]:8000', true],
  ['rebound.example.org:8000', false],
  ['localhost.example.org', false],
  ['bad host', false],
  ['', false],
])('asked as %s on loopback', (host, allowed) => {
  expect(isOriginAllowed({ host }, loopback)).toBe(allowed);
  expect(isOriginAllowed({ origin: `http://${host}`, host }, loopback)).toBe(allowed);
});
