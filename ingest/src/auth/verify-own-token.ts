import { decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { clockToleranceSeconds } from './token-times.ts';

/** The payload of a token that this server signed for `audience`; null for any other token, or an expired one. */
export const verifyOwnToken = async (
  token: string,
  secret: Uint8Array,
  audience: string,
  nowMs: number,
): Promise<JWTPayload | null> => {
  try {
    // Most tokens are a user's. Reading the claim is much cheaper than checking the signature for each kind of token.
    if (![decodeJwt(token).aud].flat().includes(audience)) return null;
    const { payload } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(nowMs),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
};
