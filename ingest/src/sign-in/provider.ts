import { errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import * as client from 'openid-client';
import * as v from 'valibot';
import { remoteKeys } from '../auth/remote-keys.ts';
import type { SignInConfig } from '../config.ts';
import { loopbackHosts } from '../config/cross-field-rules.ts';
import { keysUnavailable } from '../model/ingest-error.ts';
import type { EndedSessions } from '../records/staff-session-records.ts';
import { claimAt } from './staff-claims.ts';

/** A sign-in that the browser has begun; kept in a signed cookie until it comes back. */
export interface PendingSignIn {
  state: string;
  nonce: string;
  codeVerifier: string;
  /** Path on this server. */
  returnTo: string;
}

export interface ProviderUser {
  claims: Readonly<Record<string, unknown>>;
  issuer: string;
  subject: string;
  providerSession: string | null;
  idToken: string;
}

const backChannelEvent = 'http://schemas.openid.net/event/backchannel-logout';

const LogoutClaimsSchema = v.object({
  jti: v.string(),
  sub: v.optional(v.string()),
  sid: v.optional(v.string()),
  // OpenID Connect Back-Channel Logout 1.0, section 2.4: a nonce is prohibited.
  nonce: v.optional(v.undefined()),
  events: v.looseObject({ [backChannelEvent]: v.looseObject({}) }),
});

/** The provider did not answer, or not in time: `fetch` rejects with one of these. */
const isOutage = (error: unknown): boolean =>
  [error, error instanceof Error ? error.cause : null].some(
    (each) =>
      (each instanceof TypeError && each.message === 'fetch failed') ||
      (each instanceof DOMException && ['TimeoutError', 'AbortError'].includes(each.name)),
  );

const clockToleranceSeconds = 10;
/** How old a logout token may be. */
const maxLogoutTokenAgeSeconds = 300;

/** The university's OpenID provider. Its addresses are read on first use, so the server can start before it. */
export class Provider {
  readonly #config: SignInConfig;
  readonly #onFailed: (error: unknown) => void;
  #discovered: Promise<client.Configuration> | null = null;
  #keys: JWTVerifyGetKey | null = null;

  constructor(config: SignInConfig, onFailed: (error: unknown) => void) {
    this.#config = config;
    this.#onFailed = onFailed;
  }

  /** Where to send the browser. Rejects with `keys_unavailable` while the provider does not answer. */
  async begin(returnTo: string): Promise<{ url: URL; pending: PendingSignIn }> {
    const provider = await this.#provider();
    const pending: PendingSignIn = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
      returnTo,
    };
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: this.#config.redirectUrl,
      scope: this.#config.scopes,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(pending.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url, pending };
  }

  /**
   * Exchanges the code in the callback's query. Null if the provider returned an error, or the state, nonce or code is invalid.
   * @param query of the callback's address, with its `?`
   */
  async finish(query: string, pending: PendingSignIn): Promise<ProviderUser | null> {
    const provider = await this.#provider();
    try {
      const tokens = await client.authorizationCodeGrant(provider, new URL(query, this.#config.redirectUrl), {
        expectedState: pending.state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || tokens.id_token === undefined) return null;
      const sid = claims['sid'];
      return {
        claims: await this.#withUserInfo(provider, tokens.access_token, claims),
        issuer: claims.iss,
        subject: claims.sub,
        providerSession: typeof sid === 'string' ? sid : null,
        idToken: tokens.id_token,
      };
    } catch (error) {
      // Log the provider's error; show the browser only a generic failure.
      this.#onFailed(error);
      if (isOutage(error)) throw keysUnavailable(error);
      return null;
    }
  }

  /** Where the browser also signs out of the provider; null if the provider has no such page. */
  async endSessionUrl(idToken: string): Promise<URL | null> {
    const provider = await this.#provider();
    if (provider.serverMetadata().end_session_endpoint === undefined) return null;
    return client.buildEndSessionUrl(provider, {
      id_token_hint: idToken,
      post_logout_redirect_uri: this.#config.signedOutUrl,
    });
  }

  /** Which sessions a back-channel logout token ends; null for an invalid token. */
  async readLogoutToken(token: string): Promise<(EndedSessions & { tokenId: string }) | null> {
    const provider = await this.#provider();
    const { issuer, jwks_uri: jwksUrl = '' } = provider.serverMetadata();
    this.#keys ??= remoteKeys(new URL(jwksUrl), this.#onFailed);
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience: this.#config.clientId,
        algorithms: ['RS256', 'ES256', 'PS256', 'EdDSA'],
        requiredClaims: ['iat'],
        maxTokenAge: maxLogoutTokenAgeSeconds,
        clockTolerance: clockToleranceSeconds,
      });
      const claims = v.safeParse(LogoutClaimsSchema, payload);
      if (!claims.success) return null;
      const { sub, sid, jti: tokenId } = claims.output;
      if (sid !== undefined) return { issuer, providerSession: sid, tokenId };
      return sub === undefined ? null : { issuer, subject: sub, tokenId };
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  /** Many providers return roles only from the userinfo endpoint. */
  async #withUserInfo(
    provider: client.Configuration,
    accessToken: string,
    claims: client.IDToken,
  ): Promise<Readonly<Record<string, unknown>>> {
    const { userClaim, roleClaim } = this.#config.mapping;
    const isComplete = [userClaim, roleClaim].every((name) => claimAt(claims, name) !== undefined);
    if (isComplete || provider.serverMetadata().userinfo_endpoint === undefined) return claims;
    return { ...(await client.fetchUserInfo(provider, accessToken, claims.sub)), ...claims };
  }

  async #provider(): Promise<client.Configuration> {
    this.#discovered ??= this.#discover();
    try {
      return await this.#discovered;
    } catch (error) {
      this.#discovered = null;
      this.#onFailed(error);
      throw keysUnavailable(error);
    }
  }

  #discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#config;
    const url = new URL(issuer);
    // Plain HTTP only on this machine, for trials; the settings' check has refused it elsewhere.
    const isLocal = url.protocol === 'http:' && loopbackHosts.has(url.hostname);
    return client.discovery(
      url,
      clientId,
      undefined,
      clientSecret === null ? client.None() : client.ClientSecretBasic(clientSecret),
      isLocal ? { execute: [client.allowInsecureRequests] } : {},
    );
  }
}
