import { describe, expect, test } from 'vitest';
import { reasonOf } from './finding.ts';
import { aheadOf } from './service-checks.ts';

describe('the reason of an error', () => {
  const coded = Object.assign(new Error('connect redis://:secret@host'), { code: 'ECONNREFUSED' });

  test.each([
    ['is a driver’s code, because its message may contain a password', coded, 'ECONNREFUSED'],
    ['is that of its cause', new TypeError('fetch failed', { cause: coded }), 'ECONNREFUSED'],
    ['is that of a cause’s cause', new Error('a', { cause: new Error('b', { cause: coded }) }), 'ECONNREFUSED'],
    ['is the message if nothing else is known', new Error('self-signed certificate'), 'self-signed certificate'],
    ['ignores a code that is a number', Object.assign(new Error('closed'), { code: 20 }), 'closed'],
    ['is plain for a deadline', AbortSignal.abort(new DOMException('x', 'TimeoutError')).reason, 'no answer in time'],
    ['is unknown for anything else', 'redis://:secret@host', 'unknown error'],
  ])('%s', (_what, error, reason) => expect(reasonOf(error)).toBe(reason));
});

describe('how far a clock is ahead', () => {
  const date = 'Mon, 05 Jan 2026 09:00:00 GMT';
  const atMs = Date.UTC(2026, 0, 5, 9);

  test.each([
    ['is nothing within the second that HTTP states', date, [atMs + 10, atMs + 900], 0],
    ['is nothing for an answer that took long', date, [atMs - 5000, atMs + 3000], 0],
    ['is counted from the answer', date, [atMs - 5000, atMs - 3000], 3000],
    ['is negative for one that is behind, from the question', date, [atMs + 3000, atMs + 5000], -2001],
    ['is unknown without a date', null, [atMs, atMs], null],
    ['is unknown with a date that cannot be read', 'yesterday', [atMs, atMs], null],
  ] as const)('%s', (_what, stated, [fromMs, toMs], ahead) => expect(aheadOf(stated, { fromMs, toMs })).toBe(ahead));
});
