// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { waitFor } from '@invigil/testkit/timers/waits';
import { click, find, rendered } from '../testing/rendered.ts';
import { hasSignIn, isSignInKnown, renewSignedInToken, signInAddress } from './sign-in-session.ts';
import { SignOut } from './sign-out.tsx';
import { rememberSignedInToken, rememberStaffToken, staffToken } from './staff-token.ts';
import { TokenForm } from './token-form.tsx';

const signInHere = (): void => {
  document.cookie = 'invigil-sign-in-here=1';
};
const sent: { path: string; headers: Headers }[] = [];
const answerWith = (status: number, body: object | null): void => {
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    sent.push({ path, headers: new Headers(init.headers) });
    return Response.json(body, { status });
  });
};

beforeEach(() => {
  sessionStorage.clear();
  sent.length = 0;
  rememberSignedInToken(null);
  history.replaceState(null, '', '/proctor/?exam=physics');
});
afterEach(() => {
  vi.unstubAllGlobals();
  document.cookie = 'invigil-sign-in-here=; expires=Thu, 01 Jan 1970 00:00:00 GMT';
});

describe('on a server where staff sign in', () => {
  test('the page exchanges the cookie for a token, which it does not store', async () => {
    signInHere();
    answerWith(200, { token: 'access' });
    await renewSignedInToken();
    expect(staffToken()).toBe('access');
    expect(sent.map(({ path, headers }) => [path, headers.get('X-Invigil-Page')])).toEqual([['/auth/token', '1']]);
    expect(sessionStorage).toHaveLength(0);
  });

  test('a sign-in that has ended leaves no token, and the page offers to sign in again', async () => {
    signInHere();
    rememberSignedInToken('old');
    answerWith(401, { code: 'AUTH_FAILED' });
    await renewSignedInToken();
    expect(staffToken()).toBeNull();
    const place = await rendered(<TokenForm done={() => undefined} />);
    expect(place.querySelector('a')?.getAttribute('href')).toBe(signInAddress());
    expect(signInAddress()).toBe('/auth/sign-in?return_to=%2Fproctor%2F%3Fexam%3Dphysics');
    expect(place.querySelector('input')).toBeNull();
  });

  test('a server that is unavailable keeps the token, and the page does not ask to sign in again', async () => {
    signInHere();
    rememberSignedInToken('access');
    answerWith(503, { code: 'STORE_UNAVAILABLE' });
    await renewSignedInToken();
    expect(staffToken()).toBe('access');
    let retries = 0;
    const place = await rendered(<TokenForm done={() => (retries += 1)} />);
    expect(place.textContent).toContain('The server is unavailable');
    answerWith(200, { token: 'new' });
    await click(find(place, 'button'));
    await waitFor(() => expect([retries, staffToken()]).toEqual([1, 'new']));
  });

  test.each([503, 403])(
    'a sign-out that the server answers with %i has not worked, and the page says so',
    async (status) => {
      signInHere();
      rememberSignedInToken('access');
      answerWith(status, {});
      const place = await rendered(<SignOut />);
      await click(find(place, 'button'));
      await waitFor(() => expect(place.textContent).toContain('You are still signed in. Try again.'));
      expect(staffToken()).toBe('access');
    },
  );

  test.each([
    ['a proxy that wants a sign-in of its own', 401, { error: 'proxy authentication' }],
    ['a portal that answers everything', 200, { status: 'ok' }],
    ['a portal that answers with nothing', 200, null],
  ] as const)('%s ends no sign-in', async (_name, status, body) => {
    signInHere();
    rememberSignedInToken('access');
    answerWith(status, body);
    await renewSignedInToken();
    expect([staffToken(), isSignInKnown()]).toEqual(['access', false]);
    const place = await rendered(<SignOut />);
    await click(find(place, 'button'));
    await waitFor(() => expect(place.textContent).toContain('You are still signed in. Try again.'));
    expect(staffToken()).toBe('access');
  });

  test('a lost network keeps the token', async () => {
    signInHere();
    rememberSignedInToken('access');
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await renewSignedInToken();
    expect(staffToken()).toBe('access');
  });
});

describe('on other servers', () => {
  test('nothing is asked, and the token of the address is used', async () => {
    answerWith(404, {});
    rememberStaffToken('given');
    await renewSignedInToken();
    expect([hasSignIn(), sent, staffToken()]).toEqual([false, [], 'given']);
    expect((await rendered(<SignOut />)).textContent).toBe('');
  });
});
