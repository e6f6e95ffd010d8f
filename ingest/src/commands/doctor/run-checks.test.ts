import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { runChecks } from './run-checks.ts';

const statedMs = Date.UTC(2026, 0, 5, 9);
const rsa = { kty: 'RSA', use: 'sig' };
let keyServer: Server;
let keyServerUrl: string;
let answer: { body: string; date: string | null };
let home: string;

beforeAll(async () => {
  home = await makeFolder();
  keyServer = createServer((_request, response) => {
    response.sendDate = false;
    if (answer.date !== null) response.setHeader('Date', answer.date);
    response.end(answer.body);
  });
  await new Promise<void>((resolve) => keyServer.listen(0, '127.0.0.1', resolve));
  keyServerUrl = `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}`;
});
beforeEach(() => {
  answer = { body: JSON.stringify({ keys: [rsa] }), date: new Date(statedMs).toUTCString() };
});
afterAll(async () => {
  keyServer.close();
  await removeFolders();
});

const check = (changes: Record<string, string> = {}, nowMs = statedMs + 500) =>
  runChecks({
    environment: { DATA_DIR: home, DUMP_DIR: join(home, 'dumps'), PORT: '0', ...changes },
    inFile: [],
    now: () => nowMs,
  });
const findingsOf = async (subject: string, ...args: Parameters<typeof check>): Promise<string[]> => {
  const { findings } = await check(...args);
  return findings.filter((each) => each.subject === subject).map(({ level, problem }) => `${level}: ${problem}`);
};

test('invalid settings are listed one by one, with misspelled ones, and end the checks', async () => {
  const { checked, findings } = await check({ PORT: 'x', AUTH: 'none', REDIS_ULR: 'redis://r' });
  expect(checked).toEqual(['settings']);
  expect(findings.map(({ level, subject }) => `${level} ${subject}`)).toEqual([
    'warning REDIS_ULR',
    'error PORT',
    'error AUTH',
  ]);
});

test('with the embedded stores, no service is checked', async () => {
  const { checked } = await check();
  expect(checked).toEqual(['settings', 'folders', 'port', 'pages', 'weights', 'PUBLIC_URL', 'clocks']);
});

test('more workers than cores are a warning, and unreachable services are named without their passwords', async () => {
  const { findings } = await check({
    WORKERS: '256',
    REDIS_URL: 'redis://user:hidden@127.0.0.1:1',
    DATABASE_URL: 'postgres://user:hidden@127.0.0.1:1/invigil',
    FRAME_ARCHIVE_BUCKET: 's3://frames',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:2',
    AWS_ACCESS_KEY_ID: 'hidden',
    AWS_SECRET_ACCESS_KEY: 'hidden',
  });
  const problems = findings.map(({ level, subject, problem }) => `${level} ${subject}: ${problem}`);
  expect(problems).toContainEqual(expect.stringMatching(/^warning WORKERS: 256 processes for \d+ cores$/));
  expect(problems).toContain('error REDIS_URL: cannot use 127.0.0.1:1: ECONNREFUSED');
  expect(problems).toContain('error DATABASE_URL: cannot use 127.0.0.1:1: ECONNREFUSED');
  expect(problems).toContain('error FRAME_ARCHIVE_BUCKET: cannot use 127.0.0.1:2: ECONNREFUSED');
  expect(JSON.stringify(findings)).not.toContain('hidden');
});

describe('the clock of the key server', () => {
  test.each([
    [1999, []],
    [2000, ['warning: its clock is 2 s behind this machine’s']],
    [-2000, ['warning: its clock is 2 s ahead of this machine’s']],
    [9999, ['warning: its clock is 10 s behind this machine’s']],
    [10_000, ['error: its clock is 10 s behind this machine’s']],
    [-10_000, ['error: its clock is 10 s ahead of this machine’s']],
  ])('with a difference of %i ms', async (behindMs, expected) => {
    const settings = { AUTH: 'jwt', JWKS_URL: keyServerUrl };
    // HTTP states whole seconds: this machine's clock is outside of the stated one by the difference.
    const nowMs = statedMs + behindMs + (behindMs > 0 ? 999 : 0);
    expect(await findingsOf('JWKS_URL', settings, nowMs)).toEqual(expected);
  });

  test('is not compared if the server does not state its time', async () => {
    answer.date = null;
    expect(await findingsOf('JWKS_URL', { AUTH: 'jwt', JWKS_URL: keyServerUrl }, 0)).toEqual([]);
  });
});

describe('the key server', () => {
  const noKey = /^error: .* has no RSA or P-256 key for signatures$/;

  test.each([
    ['a key without a stated use', { keys: [{ kty: 'RSA' }] }, []],
    ['one usable key of several', { keys: [{ kty: 'OKP', crv: 'Ed25519' }, rsa] }, []],
    ['a key of another curve', { keys: [{ kty: 'EC', crv: 'P-384' }] }, [noKey]],
    ['a key for encryption', { keys: [{ ...rsa, use: 'enc' }] }, [noKey]],
    ['no key', { keys: [] }, [noKey]],
    ['something else', { issuer: 'https://id.example' }, [noKey]],
  ])('has %s', async (_what, body, expected) => {
    answer.body = JSON.stringify(body);
    const found = await findingsOf('JWKS_URL', { AUTH: 'jwt', JWKS_URL: keyServerUrl });
    expect(found).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });

  test('that answers with a page is a fault', async () => {
    answer.body = '<!doctype html>';
    expect(await findingsOf('JWKS_URL', { AUTH: 'jwt', JWKS_URL: keyServerUrl })).toEqual([
      expect.stringMatching(/^error: cannot use 127\.0\.0\.1:\d+: /),
    ]);
  });
});
