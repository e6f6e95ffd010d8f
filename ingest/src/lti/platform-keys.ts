import { createRemoteJWKSet, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { keysUnavailable } from '../model/ingest-error.ts';

const maxPlatforms = 1000;

/** The public keys of platforms, fetched when needed. */
export class PlatformKeys {
  readonly #sets = new LRUCache<string, ReturnType<typeof createRemoteJWKSet>>({ max: maxPlatforms });
  readonly #onFailed: (error: unknown) => void;

  constructor(onFailed: (error: unknown) => void) {
    this.#onFailed = onFailed;
  }

  /** Rejects with an error of jose if the token names no known key, and with `keys_unavailable` if the platform does not answer. */
  of(keysUrl: string): JWTVerifyGetKey {
    const known = this.#sets.get(keysUrl) ?? createRemoteJWKSet(new URL(keysUrl));
    this.#sets.set(keysUrl, known);
    return async (header, token) => {
      try {
        return await known(header, token).catch(async (error: unknown) => {
          if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
          // The platform may have rotated its keys. A launch can ask once, because its state works once.
          await known.reload();
          return await known(header, token);
        });
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
        this.#onFailed(error);
        throw keysUnavailable(error);
      }
    };
  }
}
