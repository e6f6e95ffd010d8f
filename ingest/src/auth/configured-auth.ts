import { randomBytes } from 'node:crypto';
import type { AuthConfig, UserKeys } from '../config.ts';
import type { OutageLog } from '../telemetry/outage-log.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { SecretRecords } from '../records/secret-records.ts';
import { devAuthenticator, jwtAuthenticator } from './authenticator.ts';
import type { JwtAuthenticatorOptions, TokenAuthenticator, UserTokenKeys } from './authenticator.ts';
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
  staff: JwtAuthenticatorOptions['staff'] = null,
): TokenAuthenticator => {
  if (auth.mode === 'dev') return devAuthenticator(tokens, links, now);
  const { userKeys, audience } = auth;
  const keys = userKeys === null ? null : keysOf(userKeys, outages);
  return jwtAuthenticator({ keys, audience, sessionTokens: tokens, links, staff, now });
};

const keysOf = (userKeys: UserKeys, outages: OutageLog): UserTokenKeys => {
  if (userKeys.kind === 'secret') return { algorithms: ['HS256'], key: new TextEncoder().encode(userKeys.secret) };
  const key = remoteKeys(new URL(userKeys.url), (error) => outages.warn({ event: 'keys.failed', error }));
  return { algorithms: ['RS256', 'ES256'], key };
};
