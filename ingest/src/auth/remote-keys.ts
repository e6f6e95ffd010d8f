import { createRemoteJWKSet, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { keysUnavailable } from '../model/ingest-error.ts';

/** What is wrong with the token: it names no key, or nothing that could be one. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

/**
 * Keys of users' tokens from a JWKS. When the key server does not answer, or answers nonsense, nothing is known of the token: that
 * rejects with `keys_unavailable`.
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
