import { createRemoteJWKSet, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { keysUnavailable } from '../model/ingest-error.ts';

/** The token names no key, or an invalid one. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

export interface RemoteKeysOptions {
  /**
   * Fetch the keys again for a token that names an unknown key, even shortly after the last time: for tokens that
   * nobody can send in bulk.
   */
  reloadsForUnknownKey?: boolean;
}

/**
 * Public keys from a JWKS. If the key server is unavailable or its answer is invalid, the token can be neither accepted
 * nor refused: the call rejects with `keys_unavailable`.
 */
export const remoteKeys = (
  url: URL,
  onFailed: (error: unknown) => void,
  { reloadsForUnknownKey = false }: RemoteKeysOptions = {},
): JWTVerifyGetKey => {
  const find = createRemoteJWKSet(url);
  return async (header, token) => {
    try {
      return await find(header, token).catch(async (error: unknown) => {
        if (!reloadsForUnknownKey || !(error instanceof errors.JWKSNoMatchingKey)) throw error;
        await find.reload();
        return await find(header, token);
      });
    } catch (error) {
      if (isOfToken(error)) throw error;
      onFailed(error);
      throw keysUnavailable(error);
    }
  };
};
