import { SignJWT } from 'jose';
import * as v from 'valibot';
import { verifyOwnToken } from '../auth/verify-own-token.ts';
import type { PendingSignIn } from './provider.ts';

const audience = 'invigil-sign-in';
/** How long a user may take at the provider. */
export const pendingSeconds = 600;

const ClaimsSchema = v.object({
  sub: v.string(),
  nonce: v.string(),
  code_verifier: v.string(),
  return_to: v.string(),
});

/** The value of the cookie that ties a callback to the browser that began to sign in. */
export const sealPending = async (pending: PendingSignIn, secret: Uint8Array, nowMs: number): Promise<string> => {
  const { state, nonce, codeVerifier, returnTo } = pending;
  return await new SignJWT({ nonce, code_verifier: codeVerifier, return_to: returnTo })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(state)
    .setAudience(audience)
    .setExpirationTime(Math.floor(nowMs / 1000) + pendingSeconds)
    .sign(secret);
};

/** Null for a cookie that is absent, expired or not ours. */
export const openPending = async (
  cookie: string | null,
  secret: Uint8Array,
  nowMs: number,
): Promise<PendingSignIn | null> => {
  if (cookie === null) return null;
  const claims = v.safeParse(ClaimsSchema, await verifyOwnToken(cookie, secret, audience, nowMs));
  if (!claims.success) return null;
  const { sub: state, nonce, code_verifier: codeVerifier, return_to: returnTo } = claims.output;
  return { state, nonce, codeVerifier, returnTo };
};
