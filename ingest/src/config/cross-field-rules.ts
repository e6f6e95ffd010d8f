import { settingOf } from './environment.ts';
import type { ParsedEnvironment, VariableName } from './environment.ts';

/** Addresses that only this machine reaches. */
export const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);

/** The message for an invalid variable: its name, its value (except secrets) and the allowed values. */
export const invalidSetting = (name: VariableName, value: string | undefined, allowed: string): string => {
  if (value === undefined) return `${name} is missing; allowed: ${allowed}`;
  const shown = settingOf(name).secret ? 'has an invalid value' : `is ${JSON.stringify(value)}`;
  return `${name} ${shown}; allowed: ${allowed}`;
};

/** A line for each variable that another one needs; null if none is missing. */
const missingSettings = (missing: readonly VariableName[], because: string): string | null =>
  missing.length === 0 ? null : missing.map((name) => `${name} is missing; required because ${because}`).join('\n');

export const missingTokenKeys = invalidSetting('JWT_SECRET', undefined, 'at least 32 characters, or JWKS_URL instead');

const signInNames = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'PUBLIC_URL'] as const;
const bucketKeyNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const;
const livekitNames = ['LIVEKIT_URL', 'LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'] as const;

/** A check of variables that are valid on their own. `problem` returns an error message, or null if they are valid together. */
interface CrossFieldRule {
  readonly names: readonly VariableName[];
  readonly problem: (env: ParsedEnvironment) => string | null;
}

export const crossFieldRules: readonly CrossFieldRule[] = [
  {
    names: ['WORKERS', 'REDIS_URL', 'DATABASE_URL'],
    problem: ({ WORKERS, REDIS_URL, DATABASE_URL }) => {
      if (WORKERS === 'auto' || WORKERS === 1) return null;
      const missing = [
        ...(REDIS_URL === undefined ? ['REDIS_URL'] : []),
        ...(DATABASE_URL === undefined ? ['DATABASE_URL'] : []),
      ];
      return missing.length === 0
        ? null
        : invalidSetting(
            'WORKERS',
            String(WORKERS),
            `1 or auto, unless ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} set: the embedded stores belong to one process`,
          );
    },
  },
  {
    names: ['REDIS_WAIT_REPLICAS', 'REDIS_URL'],
    problem: ({ REDIS_WAIT_REPLICAS: replicas, REDIS_URL }) =>
      replicas > 0 && REDIS_URL === undefined
        ? invalidSetting('REDIS_WAIT_REPLICAS', String(replicas), '0, unless REDIS_URL is set')
        : null,
  },
  {
    names: ['FRAME_ARCHIVE_BUCKET', 'FRAME_ARCHIVE_DIR'],
    problem: ({ FRAME_ARCHIVE_BUCKET: bucket, FRAME_ARCHIVE_DIR: folder }) =>
      bucket !== undefined && folder !== undefined
        ? invalidSetting('FRAME_ARCHIVE_DIR', folder, 'unset, because FRAME_ARCHIVE_BUCKET is set')
        : null,
  },
  {
    names: ['FRAME_ARCHIVE_BUCKET', ...bucketKeyNames],
    problem: (env) => {
      if (env.FRAME_ARCHIVE_BUCKET === undefined) return null;
      const missing = bucketKeyNames.filter((name) => env[name] === undefined);
      return missingSettings(missing, 'FRAME_ARCHIVE_BUCKET is set');
    },
  },
  {
    names: ['AUTH', 'HOST'],
    problem: ({ AUTH, HOST }) =>
      AUTH === 'dev' && !loopbackHosts.has(HOST)
        ? invalidSetting(
            'AUTH',
            'dev',
            `jwt or oidc, because HOST is ${HOST} and AUTH=dev accepts requests without tokens`,
          )
        : null,
  },
  {
    names: ['AUTH', 'JWT_SECRET', 'JWKS_URL'],
    problem: ({ AUTH, JWT_SECRET, JWKS_URL }) =>
      AUTH === 'jwt' && JWT_SECRET === undefined && JWKS_URL === undefined ? missingTokenKeys : null,
  },
  {
    names: ['AUTH', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'PUBLIC_URL'],
    problem: (env) => {
      if (env.AUTH !== 'oidc') return null;
      const missing = signInNames.filter((name) => env[name] === undefined);
      return missingSettings(missing, 'AUTH is oidc');
    },
  },
  {
    names: ['AUTH', 'OIDC_ISSUER'],
    problem: ({ AUTH, OIDC_ISSUER: issuer }) => {
      if (AUTH !== 'oidc' || issuer === undefined) return null;
      const { protocol, hostname } = new URL(issuer);
      return protocol === 'http:' && !loopbackHosts.has(hostname)
        ? invalidSetting('OIDC_ISSUER', issuer, 'https://…, except on this machine')
        : null;
    },
  },
  {
    names: ['AUTH', 'LTI'],
    problem: ({ AUTH, LTI }) =>
      LTI === 'on' && AUTH !== 'oidc' ? invalidSetting('LTI', 'on', 'off, unless AUTH is oidc') : null,
  },
  {
    names: ['WEBHOOK_URL', 'WEBHOOK_SECRET'],
    problem: ({ WEBHOOK_URL, WEBHOOK_SECRET }) =>
      WEBHOOK_URL !== undefined && WEBHOOK_SECRET === undefined
        ? invalidSetting('WEBHOOK_SECRET', undefined, settingOf('WEBHOOK_SECRET').allowed)
        : null,
  },
  {
    names: ['WEBHOOK_FORMAT', 'PUBLIC_URL'],
    problem: ({ WEBHOOK_FORMAT: format, PUBLIC_URL }) =>
      format === 'xapi' && PUBLIC_URL === undefined
        ? invalidSetting(
            'WEBHOOK_FORMAT',
            format,
            'invigil, unless PUBLIC_URL is set: statements name users and exams by it',
          )
        : null,
  },
  {
    names: livekitNames,
    problem: (env) => {
      const missing = livekitNames.filter((name) => env[name] === undefined);
      if (missing.length === livekitNames.length) return null;
      const set = livekitNames.filter((name) => !missing.includes(name));
      return missingSettings(missing, `${set.join(' and ')} ${set.length === 1 ? 'is' : 'are'} set`);
    },
  },
];
