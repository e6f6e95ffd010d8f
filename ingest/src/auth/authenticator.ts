import type { IncomingMessage } from 'node:http';
import { errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import * as v from 'valibot';
import { IdSchema } from '@invigil/protocol';
import type { Principal } from './principal.ts';
import type { SessionTokens } from './session-tokens.ts';

/** How users' own tokens are checked: an HS256 secret, or RS256/ES256 keys from a JWKS. */
export type UserTokenKeys =
  | { algorithms: ['HS256']; key: Uint8Array }
  | { algorithms: ['RS256', 'ES256']; key: JWTVerifyGetKey };

export interface Authenticator {
  /** Null when the token is missing, wrong, expired or meant for somebody else. */
  principalOf(token: string | null): Promise<Principal | null>;
}

const ClaimsSchema = v.object({
  sub: IdSchema,
  role: v.picklist(['STUDENT', 'TEACHER', 'ADMIN']),
});

/** No token is looked at: whoever reaches a server that listens on loopback alone may do everything. */
export const devAuthenticator: Authenticator = {
  principalOf: async () => ({ userId: 'dev', role: 'ADMIN', sessionId: null }),
};

export const jwtAuthenticator = (
  keys: UserTokenKeys,
  audience: string,
  sessionTokens: SessionTokens,
): Authenticator => ({
  async principalOf(token) {
    if (token === null) return null;
    const ofSession = await sessionTokens.verify(token);
    if (ofSession !== null) return ofSession;
    const payload = await verify(token, keys, {
      algorithms: keys.algorithms,
      audience,
      requiredClaims: ['exp', 'sub'],
    });
    const claims = payload === null ? null : v.safeParse(ClaimsSchema, payload);
    return claims?.success ? { userId: claims.output.sub, role: claims.output.role, sessionId: null } : null;
  },
});

const verify = async (token: string, { key }: UserTokenKeys, options: JWTVerifyOptions): Promise<JWTPayload | null> => {
  try {
    const { payload } =
      typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
    return payload;
  } catch (error) {
    // What jose finds wrong is the token's fault; a key server that is away is not.
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) return null;
    throw error;
  }
};

/** `Authorization: Bearer …`, or `?token=` where a browser cannot set headers (WebSocket). */
export const tokenOf = (request: IncomingMessage, url: URL | null): string | null => {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && value !== undefined) return value;
  return url?.searchParams.get('token') ?? null;
};
