import { randomBytes } from 'node:crypto';
import type { AuthConfig } from '../config.ts';
import type { OutageLog } from '../telemetry/outage-log.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { SecretRecords } from '../records/secret-records.ts';
import { devAuthenticator, jwtAuthenticator } from './authenticator.ts';
import type { TokenAuthenticator, UserTokenKeys } from './authenticator.ts';
import type { PersonalLinks } from './personal-links.ts';
import { remoteKeys } from './remote-keys.ts';
import type { SessionTokens } from './session-tokens.ts';

/** The configured secret; otherwise a random one that all replicas share through the records. AUTH=dev checks no signature. */
export const sessionSecret = (auth: AuthConfig, database: RecordsDatabase): (() => Promise<Uint8Array>) => {
  const own = auth.mode === 'dev' ? randomBytes(32) : auth.sessionSecret;
  if (own === null) {
    const records = new SecretRecords(database);
    return () => records.secret('session-tokens');
  }
  const secret = typeof own === 'string' ? new TextEncoder().encode(own) : own;
  return async () => secret;
};

/** Accepts every token (AUTH=dev), tokens signed with one secret, or tokens of an identity provider. */
export const authenticatorOf = (
  auth: AuthConfig,
  tokens: SessionTokens,
  links: PersonalLinks,
  outages: OutageLog,
  now: () => number,
): TokenAuthenticator => {
  if (auth.mode === 'dev') return devAuthenticator(tokens, links, now);
  const keys: UserTokenKeys =
    auth.userKeys.kind === 'secret'
      ? { algorithms: ['HS256'], key: new TextEncoder().encode(auth.userKeys.secret) }
      : {
          algorithms: ['RS256', 'ES256'],
          key: remoteKeys(new URL(auth.userKeys.url), (error) => outages.warn({ event: 'keys.failed', error })),
        };
  return jwtAuthenticator({ keys, audience: auth.audience, sessionTokens: tokens, links, now });
};
