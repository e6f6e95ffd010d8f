import { createRemoteJWKSet, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { keysUnavailable } from '../model/ingest-error.ts';

/** The token names no key, or an invalid one. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

/**
 * Keys of users' tokens from a JWKS. If the key server is unavailable or its answer is invalid, the token can be
 * neither accepted nor refused: the call rejects with `keys_unavailable`.
 */
export const remoteKeys = (url: URL, onFailed: (error: unknown) => void): JWTVerifyGetKey => {
  const find = createRemoteJWKSet(url);
  return async (header, token) => {
    try {
      return await find(header, token);
    } catch (error) {
      if (isOfToken(error)) throw error;
      onFailed(error);
      throw keysUnavailable(error);
    }
  };
};
