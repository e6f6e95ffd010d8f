import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { IngestError } from '../model/ingest-error.ts';
import { EnvironmentSchema, isVariable, settingOf } from './environment.ts';
import type { VariableName } from './environment.ts';
import { readEnvironment } from './read-environment.ts';
import type { Environment } from './read-environment.ts';

const names = Object.keys(EnvironmentSchema.entries).filter(isVariable);
const secret = 'a secret of more than thirty-two characters';
const webhookSecret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

/** The lines of the error; none if the environment is valid. */
const problemsIn = (environment: Environment): string[] => {
  try {
    readEnvironment(environment);
    return [];
  } catch (error) {
    if (error instanceof IngestError && error.reason === 'bad_config') return error.message.split('\n');
    throw error;
  }
};

describe('every variable', () => {
  test.each(names)('%s has a description and allowed values, and its default is allowed', (name) => {
    const { doc, allowed } = settingOf(name);
    expect(doc.length).toBeGreaterThan(5);
    expect(allowed.length).toBeGreaterThan(0);
    const preset: unknown = EnvironmentSchema.entries[name].default;
    expect(problemsIn(typeof preset === 'string' ? { [name]: preset } : {})).toEqual([]);
  });

  const secrets: VariableName[] = names.filter((name) => settingOf(name).secret === true);

  test('secrets are known as such', () => {
    expect(secrets).toEqual(
      expect.arrayContaining([
        'JWT_SECRET',
        'WEBHOOK_SECRET',
        'WEBHOOK_URL',
        'LIVEKIT_API_SECRET',
        'REDIS_URL',
        'DATABASE_URL',
        'NATS_URL',
        'AWS_ACCESS_KEY_ID',
        'AWS_SECRET_ACCESS_KEY',
      ]),
    );
  });

  test('no value of a secret is in an error, whatever it is', () => {
    const value = fc.string({ minLength: 4 }).filter((text) => text.trim().length > 3);
    fc.assert(
      fc.property(fc.constantFrom(...secrets), value, (name, text) => {
        const message = problemsIn({ [name]: `§${text}§` }).join('\n');
        expect(message).not.toContain(`§${text}§`);
      }),
    );
  });

  test('any text in any variable is either accepted or reported on a separate line', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string({ minLength: 1 }), (name, text) => {
        for (const line of problemsIn({ [name]: text })) expect(line).toMatch(/^[A-Z_]+ (?:is|has|missing)/);
      }),
    );
  });
});

describe('numbers', () => {
  test.each([
    ['PORT', '0', '65535', '65536'],
    ['SESSION_LIFETIME_SECONDS', '60', '604800', '59'],
    ['DRAIN_SECONDS', '0', '300', '301'],
    ['MAX_CONNECTIONS', '1', '1000000', '0'],
    ['EXAM_STATS_SECONDS', '1', '3600', '3601'],
    ['MAX_MESSAGE_BURST', '1', '100000', '100001'],
    ['RETENTION_INTERVAL_SECONDS', '1', '86400', '86401'],
  ] as [VariableName, string, string, string][])(
    '%s: %s and %s are allowed, %s is not',
    (name, least, most, beyond) => {
      expect(problemsIn({ [name]: least })).toEqual([]);
      expect(problemsIn({ [name]: most })).toEqual([]);
      expect(problemsIn({ [name]: beyond })).toEqual([`${name} is "${beyond}"; allowed: ${settingOf(name).allowed}`]);
    },
  );

  test.each(['1.5', '-1', '1e3', ' 5', '5 ', '0x10', '１０', 'NaN', 'Infinity'])('PORT is not %j', (value) => {
    expect(problemsIn({ PORT: value })).toHaveLength(1);
  });
});

describe('variables that go together', () => {
  const bucket = { FRAME_ARCHIVE_BUCKET: 's3://frames', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
  const signIn = {
    AUTH: 'oidc',
    OIDC_ISSUER: 'https://id.example',
    OIDC_CLIENT_ID: 'invigil',
    PUBLIC_URL: 'https://exam.example',
  };

  test.each([
    [{ AUTH: 'jwt', JWT_SECRET: secret, HOST: '0.0.0.0' }, []],
    [{ AUTH: 'jwt', JWKS_URL: 'https://idp.example/keys' }, []],
    [{ AUTH: 'dev', HOST: '::1' }, []],
    [{ AUTH: 'dev', HOST: 'localhost' }, []],
    [{ AUTH: 'dev', HOST: '192.168.1.5' }, [/^AUTH is "dev"; allowed: jwt or oidc, because HOST is 192\.168\.1\.5/]],
    [{ WORKERS: '4', REDIS_URL: 'redis://r', DATABASE_URL: 'postgres://p' }, []],
    [{ WORKERS: 'auto' }, []],
    [{ WORKERS: '1' }, []],
    [{ REDIS_URL: 'redis://a,b:2', REDIS_WAIT_REPLICAS: '1' }, []],
    [{ REDIS_WAIT_REPLICAS: '1' }, [/^REDIS_WAIT_REPLICAS is "1"; allowed: 0, unless REDIS_URL is set/]],
    [{ WORKERS: '2', REDIS_URL: 'redis://r' }, [/^WORKERS is "2"; allowed: 1 or auto, unless DATABASE_URL is set/]],
    [{ WORKERS: 'all' }, [/^WORKERS is "all"; allowed: auto, 1–256$/]],
    [{ AUTH: 'jwt' }, [/^JWT_SECRET is missing; allowed: at least 32 characters, or JWKS_URL instead/]],
    [{ WEBHOOK_URL: 'https://a.example', WEBHOOK_SECRET: webhookSecret }, []],
    [{ WEBHOOK_SECRET: webhookSecret }, []],
    [{ WEBHOOK_URL: 'https://a.example' }, [/^WEBHOOK_SECRET is missing/]],
    [{ WEBHOOK_FORMAT: 'xapi', PUBLIC_URL: 'https://a.example' }, []],
    [{ WEBHOOK_FORMAT: 'xapi' }, [/^WEBHOOK_FORMAT is "xapi"; allowed: invigil, unless PUBLIC_URL is set/]],
    [{ WEBHOOK_FORMAT: 'caliper' }, [/^WEBHOOK_FORMAT is "caliper"; allowed: invigil, xapi$/]],
    [{ LIVEKIT_URL: 'wss://l.example', LIVEKIT_API_KEY: 'k', LIVEKIT_API_SECRET: 's' }, []],
    [
      { LIVEKIT_URL: 'wss://l.example', LIVEKIT_API_KEY: 'k' },
      [/^LIVEKIT_API_SECRET is missing; required because LIVEKIT_URL and LIVEKIT_API_KEY are set$/],
    ],
    [{ LIVEKIT_API_SECRET: 's' }, [/^LIVEKIT_URL is missing/, /^LIVEKIT_API_KEY is missing/]],
    [signIn, []],
    [{ ...signIn, HOST: '0.0.0.0', LTI: 'on' }, []],
    [{ ...signIn, OIDC_ISSUER: '' }, [/^OIDC_ISSUER is missing; required because AUTH is oidc$/]],
    [{ ...signIn, OIDC_CLIENT_ID: '', PUBLIC_URL: '' }, [/^OIDC_CLIENT_ID is missing/, /^PUBLIC_URL is missing/]],
    [{ ...signIn, PUBLIC_URL: '' }, [/^PUBLIC_URL is missing/]],
    [{ ...signIn, OIDC_ISSUER: 'http://id.example' }, [/^OIDC_ISSUER is "http:\/\/id\.example"; allowed: https/]],
    [{ ...signIn, OIDC_ISSUER: 'http://localhost:8080/realm' }, []],
    [{ ...signIn, OIDC_ISSUER: 'http://[::1]:8080' }, []],
    [{ ...signIn, AUTH: 'dev', OIDC_ISSUER: 'http://id.example' }, []],
    [bucket, []],
    [{ ...bucket, FRAME_ARCHIVE_BUCKET: 's3://uni.frames/exams/2026' }, []],
    [{ AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id' }, []],
    [
      { ...bucket, FRAME_ARCHIVE_DIR: '/a' },
      [/^FRAME_ARCHIVE_DIR is "\/a"; allowed: unset, because FRAME_ARCHIVE_BUCKET/],
    ],
    [
      { ...bucket, AWS_SECRET_ACCESS_KEY: '' },
      [/^AWS_SECRET_ACCESS_KEY is missing; required because FRAME_ARCHIVE_BUCKET is set$/],
    ],
    [{ ...bucket, FRAME_ARCHIVE_BUCKET: 'frames' }, [/^FRAME_ARCHIVE_BUCKET is "frames"; allowed: s3:/]],
    [{ ...bucket, FRAME_ARCHIVE_BUCKET: 's3://frames/../x' }, [/^FRAME_ARCHIVE_BUCKET is /]],
    [{ LTI: 'on' }, [/^LTI is "on"; allowed: off, unless AUTH is oidc/]],
    [{ LTI: 'on', AUTH: 'jwt', JWT_SECRET: secret }, [/^LTI is "on"/]],
    [{ WORKERS: '2' }, [/unless REDIS_URL and DATABASE_URL are set/]],
    [{ WORKERS: '2', REDIS_URL: 'http://r' }, [/^REDIS_URL has an invalid value/]],
  ] as [Environment, RegExp[]][])('%j', (environment, expected) => {
    const problems = problemsIn(environment);
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  test('an invalid one is reported itself, without its cross-field problems', () => {
    expect(problemsIn({ AUTH: 'jwt', JWT_SECRET: 'short' })).toEqual([
      'JWT_SECRET has an invalid value; allowed: at least 32 characters',
    ]);
  });
});

test('an empty variable counts as absent', () => {
  expect(readEnvironment({ PORT: '', JWT_SECRET: '', LOG_LEVEL: undefined })).toEqual(readEnvironment({}));
});

test('variables of other programs are ignored', () => {
  expect(readEnvironment({ PATH: '/usr/bin', port: '1', constructor: 'x', __proto__: 'y' } as Environment)).toEqual(
    readEnvironment({}),
  );
});

test('isVariable knows own names only', () => {
  expect(isVariable('PORT')).toBe(true);
  for (const name of ['port', 'toString', '__proto__', '']) expect(isVariable(name)).toBe(false);
});
