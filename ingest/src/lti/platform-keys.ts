import type { JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { remoteKeys } from '../auth/remote-keys.ts';

const maxPlatforms = 1000;

/** The public keys of platforms, fetched when needed. */
export class PlatformKeys {
  readonly #keys = new LRUCache<string, JWTVerifyGetKey>({ max: maxPlatforms });
  readonly #onFailed: (error: unknown) => void;

  constructor(onFailed: (error: unknown) => void) {
    this.#onFailed = onFailed;
  }

  /** Rejects with an error of jose if the token names no known key, and with `keys_unavailable` if the platform does not answer. */
  of(keysUrl: string): JWTVerifyGetKey {
    // The platform may have rotated its keys. A launch can make the server ask once, because its state works once.
    const keys =
      this.#keys.get(keysUrl) ?? remoteKeys(new URL(keysUrl), this.#onFailed, { reloadsForUnknownKey: true });
    this.#keys.set(keysUrl, keys);
    return keys;
  }
}
