import { hash } from 'node:crypto';
import type { webcrypto } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { clockToleranceSeconds, hasExpired } from './token-times.ts';

interface Verifier {
  /** Imported once: jose would import the bytes again for each token. */
  key: Promise<webcrypto.CryptoKey>;
  /** Payloads by the SHA-256 of tokens whose signature was checked with this key: students reconnect with the token that they have. */
  verified: LRUCache<string, JWTPayload>;
}

const maxVerified = 20_000;
const verifiers = new WeakMap<Uint8Array, Verifier>();

const verifierOf = (secret: Uint8Array): Verifier => {
  const known = verifiers.get(secret);
  if (known !== undefined) return known;
  const verifier = {
    key: crypto.subtle.importKey('raw', new Uint8Array(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']),
    verified: new LRUCache<string, JWTPayload>({ max: maxVerified }),
  };
  verifiers.set(secret, verifier);
  return verifier;
};

const isFor = ({ aud }: JWTPayload, audience: string): boolean => [aud].flat().includes(audience);

/** The payload of a token that this server signed for `audience`; null for any other token, or an expired one. */
export const verifyOwnToken = async (
  token: string,
  secret: Uint8Array,
  audience: string,
  nowMs: number,
): Promise<JWTPayload | null> => {
  try {
    const { key, verified } = verifierOf(secret);
    const name = hash('sha256', token, 'base64');
    const known = verified.get(name);
    // One secret can sign tokens for several audiences.
    if (known !== undefined) return isFor(known, audience) && !hasExpired(known, nowMs) ? known : null;
    // Most tokens are a user's. Reading the claim is much cheaper than checking the signature for each kind of token.
    if (!isFor(decodeJwt(token), audience)) return null;
    const { payload } = await jwtVerify(token, await key, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(nowMs),
    });
    verified.set(name, payload);
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
};
