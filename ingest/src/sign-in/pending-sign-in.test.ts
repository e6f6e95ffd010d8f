import { SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { clockToleranceSeconds } from '../auth/token-times.ts';
import { openPending, pendingSeconds, sealPending } from './pending-sign-in.ts';

const secret = new Uint8Array(32).fill(7);
const nowMs = Date.UTC(2026, 0, 5, 9);
const pending = { state: 'state-1', nonce: 'nonce-1', codeVerifier: 'verifier-1', returnTo: '/review/?exam=a&b=ü' };
let sealed: string;

beforeAll(async () => {
  sealed = await sealPending(pending, secret, nowMs);
});

/** A token with the right key that differs in one thing from a pending sign-in. */
const signed = (claims: Record<string, unknown>, audience = 'invigil-sign-in', algorithm = 'HS256') =>
  new SignJWT({ nonce: 'n', code_verifier: 'v', return_to: '/', ...claims })
    .setProtectedHeader({ alg: algorithm })
    .setSubject('state-1')
    .setAudience(audience)
    .setExpirationTime(nowMs / 1000 + 60)
    .sign(algorithm === 'HS256' ? secret : new Uint8Array(64).fill(7));

test('a sign-in is found again in its cookie', async () => {
  expect(await openPending(sealed, secret, nowMs)).toEqual(pending);
});

test('a sign-in is open until ten minutes and the clocks’ tolerance have passed, and no longer', async () => {
  const endMs = nowMs + (pendingSeconds + clockToleranceSeconds) * 1000;
  expect(await openPending(sealed, secret, endMs - 1000)).toEqual(pending);
  expect(await openPending(sealed, secret, endMs)).toBeNull();
});

describe('a cookie is refused', () => {
  test.each([
    ['that is absent', () => null],
    ['that is empty', () => ''],
    ['that is no token', () => 'a.b.c'],
    ['without its signature', () => sealed.replace(/[^.]*$/, '')],
    [
      'with a changed return path',
      () => {
        const [header, , signature] = sealed.split('.');
        const body = {
          sub: 'state-1',
          aud: 'invigil-sign-in',
          exp: nowMs / 1000 + 60,
          nonce: 'n',
          code_verifier: 'v',
          return_to: 'https://evil.example.org',
        };
        return [header, Buffer.from(JSON.stringify(body)).toString('base64url'), signature].join('.');
      },
    ],
    ['that is a token of staff', () => signed({}, 'invigil-staff')],
    ['without a nonce', () => signed({ nonce: undefined })],
    ['with a return path that is no text', () => signed({ return_to: ['/'] })],
    ['with another algorithm', () => signed({}, 'invigil-sign-in', 'HS512')],
  ])('%s', async (_what, cookie) => {
    expect(await openPending(await cookie(), secret, nowMs)).toBeNull();
  });

  test('of a server with another secret', async () => {
    expect(await openPending(sealed, new Uint8Array(32).fill(8), nowMs)).toBeNull();
  });
});
