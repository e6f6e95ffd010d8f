import type { IncomingMessage } from 'node:http';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import * as v from 'valibot';
import { IdSchema } from '@invigil/protocol/frame';
import type { Principal } from '../model/principal.ts';
import { expiryOf } from './session-tokens.ts';
import type { SessionTokens } from './session-tokens.ts';

/** How users' own tokens are checked: an HS256 secret, or RS256/ES256 keys from a JWKS. */
export type UserTokenKeys =
  | { algorithms: ['HS256']; key: Uint8Array }
  | { algorithms: ['RS256', 'ES256']; key: JWTVerifyGetKey };

export interface Authenticator {
  /** Null when the token is missing, wrong, expired or meant for somebody else. Rejects when that cannot be known now. */
  principalOf(token: string | null): Promise<Principal | null>;
}

/** As documented: `{user_id, role, exp}`; `sub` does as well. */
const ClaimsSchema = v.pipe(
  v.object({
    user_id: v.optional(IdSchema),
    sub: v.optional(IdSchema),
    role: v.picklist(['STUDENT', 'TEACHER', 'ADMIN']),
  }),
  v.check(({ user_id, sub }) => user_id !== undefined || sub !== undefined),
);

const userOf = (payload: JWTPayload): Principal | null => {
  const claims = v.safeParse(ClaimsSchema, payload);
  if (!claims.success) return null;
  const { user_id: userId, sub, role } = claims.output;
  return { userId: userId ?? sub ?? '', role, sessionId: null, examId: null, expiresAtMs: expiryOf(payload) };
};

/** What a token names as its audience when nothing else is configured. */
const usualAudience = 'invigil';

/**
 * Whoever reaches a server that listens on loopback alone may do everything. A token is not needed; one that is shown is taken at
 * its word, so that all roles can be tried, but it must be readable and not expired.
 */
export const devAuthenticator = (sessionTokens: SessionTokens, now: () => number): Authenticator => ({
  async principalOf(token) {
    if (token === null) return { userId: 'dev', role: 'ADMIN', sessionId: null, examId: null, expiresAtMs: null };
    try {
      const payload = decodeJwt(token);
      if (payload.exp !== undefined && payload.exp * 1000 <= now()) return null;
      return sessionTokens.read(payload) ?? userOf(payload);
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  },
});

/** @param audience what every user's token must name; null: a token that names one must name `invigil`. */
export const jwtAuthenticator = (
  keys: UserTokenKeys,
  audience: string | null,
  sessionTokens: SessionTokens,
): Authenticator => ({
  async principalOf(token) {
    if (token === null) return null;
    const ofSession = await sessionTokens.verify(token);
    if (ofSession !== null) return ofSession;
    const payload = await verify(token, keys, {
      algorithms: keys.algorithms,
      requiredClaims: ['exp'],
      ...(audience === null ? {} : { audience }),
    });
    if (payload === null) return null;
    if (audience === null && payload.aud !== undefined && ![payload.aud].flat().includes(usualAudience)) return null;
    return userOf(payload);
  },
});

const verify = async (token: string, { key }: UserTokenKeys, options: JWTVerifyOptions): Promise<JWTPayload | null> => {
  try {
    const { payload } =
      typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
    return payload;
  } catch (error) {
    // What jose finds wrong is the token's fault. A key server that is away is not, and is no error of jose (`remoteKeys`).
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
};

/** `Authorization: Bearer …`, or `?token=` where a browser cannot set headers (WebSocket). */
export const tokenOf = (request: IncomingMessage, url: URL | null): string | null => {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && value !== undefined) return value;
  return url?.searchParams.get('token') ?? null;
};
