import { describe, expect, test } from 'vitest';
import { loadConfig } from './config.ts';
import { IngestError } from './model/ingest-error.ts';

describe('defaults', () => {
  test('the defaults make a try-out server on loopback', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      dataDir: './data',
      dumpDir: './analysis_dumps',
      redisUrl: null,
      databaseUrl: null,
      auth: { mode: 'dev' },
      frameRetentionSeconds: 120,
      sessionLifetimeSeconds: 14_400,
      livekit: null,
      allowedOrigins: [],
      heartbeatMs: 10_000,
    });
  });

  test.each([
    ['s3://uni.frames', 'uni.frames', ''],
    ['s3://frames/', 'frames', ''],
    ['s3://frames/exams/2026', 'frames', 'exams/2026/'],
  ])('the bucket %s', (location, name, prefix) => {
    const key = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
    expect(loadConfig({ FRAME_ARCHIVE_BUCKET: location, ...key }).frameArchiveBucket).toEqual({
      name,
      prefix,
      endpoint: null,
      region: 'us-east-1',
      accessKeyId: 'id',
      secretAccessKey: 'key',
    });
  });

  test('an empty variable counts as unset', () => {
    expect(loadConfig({ PORT: '', REDIS_URL: '' })).toMatchObject({ port: 8000, redisUrl: null });
  });
});

describe('an invalid value stops the start and names variable, value and allowed values', () => {
  test.each([
    [{ PORT: '70000' }, 'PORT is "70000"; allowed: 0–65535'],
    [{ PORT: '80a' }, 'PORT is "80a"; allowed: 0–65535'],
    [{ MAX_MESSAGE_BYTES: '65536' }, 'MAX_MESSAGE_BYTES is "65536"; allowed: 131072–16777216'],
    [{ AUTH: 'none' }, 'AUTH is "none"; allowed: dev, jwt'],
    [{ FRAME_BUFFER_RETENTION_SECONDS: '-5' }, 'FRAME_BUFFER_RETENTION_SECONDS is "-5"; allowed: 1–2592000'],
    [{ TRUSTED_PROXIES: '10.0.0.0/8, proxy' }, 'TRUSTED_PROXIES is "10.0.0.0/8, proxy"; allowed: addresses and CIDR'],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, 'TRUSTED_PROXIES is "10.0.0.0/33"; allowed: addresses and CIDR'],
    [{ TRUSTED_PROXIES: '2001:db8::/32/1' }, 'TRUSTED_PROXIES is "2001:db8::/32/1"; allowed: addresses and CIDR'],
    [{ ALLOWED_ORIGINS: 'https://a.example/path' }, 'ALLOWED_ORIGINS is "https://a.example/path"; allowed: origins'],
    [{ HOST: '0.0.0.0' }, 'AUTH is "dev"; allowed: jwt or oidc, because HOST is 0.0.0.0'],
    [{ AUTH: 'jwt' }, 'JWT_SECRET is missing; allowed: at least 32 characters, or JWKS_URL instead'],
    [{ LIVEKIT_URL: 'wss://livekit.example.org' }, 'LIVEKIT_API_KEY is missing; required because LIVEKIT_URL is set'],
  ])('%o', (environment, message) => {
    expect(() => loadConfig(environment)).toThrow(message);
  });

  test('reports every invalid value, cross-field problems included', () => {
    const environment = {
      PORT: '99999',
      HOST: '0.0.0.0',
      JWT_SECRET: 'too-short-secret',
      LIVEKIT_URL: 'wss://livekit.example.org',
      WEBHOOK_URL: 'ftp://hooks.example.org',
    };
    expect(() => loadConfig(environment)).toThrow(
      new IngestError(
        'bad_config',
        [
          'PORT is "99999"; allowed: 0–65535',
          'JWT_SECRET has an invalid value; allowed: at least 32 characters',
          'WEBHOOK_URL has an invalid value; allowed: https://…, http://…',
          'AUTH is "dev"; allowed: jwt or oidc, because HOST is 0.0.0.0 and AUTH=dev accepts requests without tokens',
          'LIVEKIT_API_KEY is missing; required because LIVEKIT_URL is set',
          'LIVEKIT_API_SECRET is missing; required because LIVEKIT_URL is set',
        ].join('\n'),
      ),
    );
  });

  test('does not report a value as missing if its alternative is the invalid one', () => {
    expect(() => loadConfig({ AUTH: 'jwt', JWKS_URL: 'keys' })).toThrow(/^JWKS_URL is "keys"; allowed: https:.*$/);
  });

  test('never shows a secret', () => {
    const attempts: Record<string, string>[] = [
      { AUTH: 'jwt', JWT_SECRET: 'too-short-secret' },
      { REDIS_URL: 'http://user:hidden-password@redis' },
      { DATABASE_URL: 'mysql://user:hidden-password@db' },
    ];
    for (const environment of attempts) {
      expect(() => loadConfig(environment)).toThrow(/has an invalid value; allowed: /);
      expect(() => loadConfig(environment)).not.toThrow(/hidden-password|too-short-secret/);
    }
  });
});
