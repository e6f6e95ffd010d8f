import type { IncomingMessage } from 'node:http';
import { decodeJwt, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import type { Principal } from '../model/principal.ts';
import type { PersonalLinks } from './personal-links.ts';
import type { SessionTokens } from './session-tokens.ts';
import { clockToleranceSeconds, hasExpired } from './token-times.ts';
import { readUserClaims } from './user-claims.ts';

/** How users' own tokens are verified: with an HS256 secret, or RS256/ES256 keys from a JWKS. */
export type UserTokenKeys =
  | { algorithms: ['HS256']; key: Uint8Array }
  | { algorithms: ['RS256', 'ES256']; key: JWTVerifyGetKey };

/**
 * `rejected`: `reason` is for the client. `claim` names the claim at fault, if it is one; it is only stated of tokens whose
 * signature is valid, or whose signature is not checked (AUTH=dev).
 */
type Authentication =
  | { status: 'accepted'; principal: Principal }
  | { status: 'rejected'; reason: string; claim: string | null };

export interface Authenticator {
  /**
   * Null for a token that is not accepted. Rejects if the token cannot be checked now, for instance while the key
   * server is unavailable.
   */
  principalOf(token: string | null): Promise<Principal | null>;
}

export interface TokenAuthenticator extends Authenticator {
  /** Like `principalOf`, with the reason why a token is not accepted. */
  authenticate(token: string | null): Promise<Authentication>;
  /** The principal of a token that this server can accept by itself; null for any other, which `authenticate` may accept. */
  ownPrincipalOf(token: string | null): Promise<Principal | null>;
}

const rejected = (reason: string, claim: string | null = null): Authentication => ({
  status: 'rejected',
  reason,
  claim,
});
const accepted = (principal: Principal): Authentication => ({ status: 'accepted', principal });

const missing = rejected('the token is missing; send Authorization: Bearer …');
const invalid = rejected('the token or its signature is invalid');
const expired = rejected('the token has expired', 'exp');

const userOf = (payload: JWTPayload, nowMs: number): Authentication => {
  const claims = readUserClaims(payload, nowMs);
  if (claims.ok) return accepted(claims.principal);
  return rejected(`the token’s claim ${claims.claim} ${claims.reason}`, claims.claim);
};

const principalOf = (authentication: Authentication): Principal | null =>
  authentication.status === 'accepted' ? authentication.principal : null;

const authenticatorOf = (
  authenticate: TokenAuthenticator['authenticate'],
  ownPrincipalOf: TokenAuthenticator['ownPrincipalOf'],
): TokenAuthenticator => ({
  authenticate,
  ownPrincipalOf,
  principalOf: async (token) => principalOf(await authenticate(token)),
});

/** The audience of this server's users when JWT_AUDIENCE is not set. */
const defaultAudience = 'invigil';

/**
 * For AUTH=dev, which only listens on loopback: a request without a token has admin rights. The claims of a token are trusted without
 * checking its signature, so that all roles can be tried, but it must be readable and not expired.
 */
export const devAuthenticator = (
  sessionTokens: SessionTokens,
  links: PersonalLinks,
  now: () => number,
): TokenAuthenticator => {
  const authenticate: TokenAuthenticator['authenticate'] = async (token) => {
    if (token === null) {
      return accepted({ userId: 'dev', role: 'ADMIN', sessionId: null, examId: null, expiresAtMs: null });
    }
    try {
      const payload = decodeJwt(token);
      if (hasExpired(payload, now())) return expired;
      const own = (await sessionTokens.read(payload, now())) ?? (await links.read(payload, now()));
      if (own !== null) return accepted(own);
      return links.owns(payload) ? invalid : userOf(payload, now());
    } catch (error) {
      if (error instanceof errors.JOSEError) return invalid;
      throw error;
    }
  };
  return authenticatorOf(authenticate, async (token) => principalOf(await authenticate(token)));
};

export interface JwtAuthenticatorOptions {
  /** Null: users have no tokens of their own (staff sign in). */
  keys: UserTokenKeys | null;
  /** The audience that every user's token must have; null: a token that has an audience must include `invigil`. */
  audience: string | null;
  sessionTokens: SessionTokens;
  links: PersonalLinks;
  /** Staff who signed in; null unless AUTH=oidc. */
  staff?: { verify(token: string, nowMs: number): Promise<Principal | null> } | null;
  now: () => number;
}

/** Accepts session tokens and personal links of this server, and users' tokens of the configured issuer. */
export const jwtAuthenticator = ({
  keys,
  audience,
  sessionTokens,
  links,
  staff = null,
  now,
}: JwtAuthenticatorOptions): TokenAuthenticator => {
  const authenticate: TokenAuthenticator['authenticate'] = async (token) => {
    if (token === null) return missing;
    const own =
      (await sessionTokens.verify(token, now())) ??
      (await links.verify(token, now())) ??
      (await staff?.verify(token, now())) ??
      null;
    if (own !== null) return accepted(own);
    if (keys === null) return invalid;
    const verified = await verify(token, keys, {
      algorithms: keys.algorithms,
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now()),
      ...(audience === null ? {} : { audience }),
    });
    if ('rejection' in verified) return verified.rejection;
    const { payload } = verified;
    if (audience === null && payload.aud !== undefined && ![payload.aud].flat().includes(defaultAudience)) {
      return wrongClaim('aud');
    }
    return userOf(payload, now());
  };
  return authenticatorOf(authenticate, async (token) => (token === null ? null : sessionTokens.verify(token, now())));
};

const wrongClaim = (claim: string): Authentication =>
  rejected(`the token’s claim ${claim} is not accepted here`, claim);

const rejectionOf = (error: errors.JOSEError): Authentication => {
  if (error instanceof errors.JWTExpired) return expired;
  if (!(error instanceof errors.JWTClaimValidationFailed)) return invalid;
  const { claim, reason } = error;
  return reason === 'missing' ? rejected(`the token’s claim ${claim} is missing`, claim) : wrongClaim(claim);
};

const verify = async (
  token: string,
  { key }: UserTokenKeys,
  options: JWTVerifyOptions,
): Promise<{ payload: JWTPayload } | { rejection: Authentication }> => {
  try {
    return typeof key === 'function' ? await jwtVerify(token, key, options) : await jwtVerify(token, key, options);
  } catch (error) {
    // An error of jose concerns the token. An unavailable key server is an IngestError, see `remoteKeys`.
    if (error instanceof errors.JOSEError) return { rejection: rejectionOf(error) };
    throw error;
  }
};

/** `Authorization: Bearer …`, or `?token=` where a browser cannot set headers (WebSocket). */
export const tokenOf = (request: IncomingMessage, target: Pick<URL, 'searchParams'> | null): string | null => {
  const [scheme, value] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && value !== undefined) return value;
  return target?.searchParams.get('token') ?? null;
};
