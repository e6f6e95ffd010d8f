// @vitest-environment happy-dom
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { find, rendered, submit, type } from '../testing/rendered.ts';
import { rememberStaffToken, staffToken, takeStaffTokenFromAddress, userOfToken } from './staff-token.ts';
import { TokenForm } from './token-form.tsx';

const tokenOf = (claims: object): string => `header.${btoa(JSON.stringify(claims))}.signature`;

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', '/proctor/?exam=physics');
});

describe('a teacher’s token', () => {
  test('names its user', () => {
    expect(userOfToken(tokenOf({ sub: 'grace' }))).toBe('grace');
    expect(userOfToken(tokenOf({ user_id: 'ada', sub: 'grace' }))).toBe('ada');
  });

  test.each(['', 'abc', 'a.b.c', tokenOf({}), tokenOf({ sub: '' }), tokenOf({ sub: 7 }), `a.${btoa('null')}.c`])(
    'is not valid: %s',
    (token) => expect(userOfToken(token)).toBeNull(),
  );

  test('never makes the page throw, whatever is pasted', () => {
    const isUserOrNull = (text: string) => ['string', 'object'].includes(typeof userOfToken(text));
    expect(fc.check(fc.property(fc.string(), isUserOrNull)).failed).toBe(false);
  });

  test('is taken out of the address, and the rest of the address stays', () => {
    history.replaceState(null, '', '/proctor/?exam=physics#token=abc');
    takeStaffTokenFromAddress();
    expect(staffToken()).toBe('abc');
    expect(location.hash).toBe('');
    expect(location.search).toBe('?exam=physics');
  });

  test('is kept if the address has none', () => {
    rememberStaffToken('kept');
    takeStaffTokenFromAddress();
    expect(staffToken()).toBe('kept');
  });
});

describe('the token form', () => {
  test('rejects an invalid token, and stores nothing', async () => {
    let isDone = false;
    const place = await rendered(<TokenForm done={() => (isDone = true)} />);
    await type(find(place, 'input'), 'hello');
    await submit(place);
    expect(find(place, '[role=alert]').textContent).toBe('This is not a valid token.');
    expect(find(place, 'input').getAttribute('aria-invalid')).toBe('true');
    expect([isDone, staffToken()]).toEqual([false, null]);
  });

  test('stores a token and continues', async () => {
    let isDone = false;
    const place = await rendered(<TokenForm done={() => (isDone = true)} />);
    const token = tokenOf({ sub: 'grace' });
    await type(find(place, 'input'), ` ${token} `);
    await submit(place);
    expect([isDone, staffToken()]).toEqual([true, token]);
  });
});
