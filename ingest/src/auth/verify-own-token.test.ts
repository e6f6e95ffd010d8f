import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { verifyOwnToken } from './verify-own-token.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const secret = new TextEncoder().encode('a secret of more than thirty-two characters');

test('a token that was verified for its audience is still refused for another with the same secret', async () => {
  const token = await new SignJWT({ sub: 'ada', aud: 'sessions', exp: nowMs / 1000 + 60 })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(secret);
  const verify = (audience: string) => verifyOwnToken(token, secret, audience, nowMs);
  expect(await verify('links')).toBeNull();
  expect(await verify('sessions')).toMatchObject({ sub: 'ada' });
  expect(await verify('links')).toBeNull();
  expect(await verify('sessions')).toMatchObject({ sub: 'ada' });
});
