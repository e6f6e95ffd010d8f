import { LRUCache } from 'lru-cache';
import * as v from 'valibot';
import type { LtiPlatform } from '../model/lti-platform.ts';
import { isPlatformUrl } from './platform-urls.ts';
import { ServiceError, requestService } from './service-request.ts';
import type { ToolKeys } from './tool-keys.ts';

const TokenSchema = v.object({
  access_token: v.pipe(v.string(), v.minLength(1), v.maxLength(16_000)),
  expires_in: v.optional(v.pipe(v.number(), v.minValue(0)), 3600),
});

const assertionSeconds = 60;
/** A token is renewed before it expires on its way. */
const reserveMs = 30_000;
const maxKnown = 1000;

/** Access tokens for platforms' services: OAuth 2.0 client credentials with a signed assertion (IMS Security Framework 1.0, section 4.1). */
export class AccessTokens {
  readonly #keys: ToolKeys;
  readonly #now: () => number;
  readonly #known = new LRUCache<string, { token: string; untilMs: number }>({ max: maxKnown });

  constructor(keys: ToolKeys, now: () => number) {
    this.#keys = keys;
    this.#now = now;
  }

  /** @throws ServiceError */
  async token(platform: LtiPlatform, scope: string): Promise<string> {
    const name = `${platform.platformId} ${scope}`;
    const known = this.#known.get(name);
    if (known !== undefined && known.untilMs > this.#now()) return known.token;
    const { tokenUrl, clientId } = platform;
    if (tokenUrl === null || !isPlatformUrl(platform, tokenUrl)) throw new ServiceError('not_of_platform');
    const assertion = await this.#keys.sign(
      { sub: clientId },
      { issuer: clientId, audience: tokenUrl, seconds: assertionSeconds },
    );
    const { json } = await requestService(tokenUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        scope,
      }).toString(),
    });
    const answer = v.safeParse(TokenSchema, json);
    if (!answer.success) throw new ServiceError('invalid');
    const { access_token: token, expires_in: seconds } = answer.output;
    this.#known.set(name, { token, untilMs: this.#now() + seconds * 1000 - reserveMs });
    return token;
  }

  /** Call when the platform refused a token: it may have been revoked. */
  forget(platform: LtiPlatform, scope: string): void {
    this.#known.delete(`${platform.platformId} ${scope}`);
  }
}
