import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { LtiPlatformHost } from '../../test/lti-platform-host.ts';
import { LtiToolKeyRecords } from '../records/lti-tool-key-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { AccessTokens } from './access-tokens.ts';
import { readMemberships } from './memberships.ts';
import { PlatformServices } from './platform-services.ts';
import { ToolKeys } from './tool-keys.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
let nowMs = startMs;
let database: RecordsDatabase;
let keys: ToolKeys;
let host: LtiPlatformHost;
let services: PlatformServices;
let tokens: number;
/** What the place of tokens answers, beside the token. */
let token: Record<string, unknown>;

beforeAll(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  keys = new ToolKeys({ records: new LtiToolKeyRecords(database), now: () => startMs });
});
afterAll(async () => {
  await database.close();
  await removeFolders();
});
beforeEach(async () => {
  nowMs = startMs;
  tokens = 0;
  token = { expires_in: 3600 };
  host = await new LtiPlatformHost().start();
  services = new PlatformServices(new AccessTokens(keys, () => nowMs));
  answering(() => ({}));
});
afterEach(() => host.stop());

/** Tokens as usual, and everything else as the test says. */
const answering = (other: LtiPlatformHost['answer']): void => {
  host.answer = (request) =>
    request.line === 'POST /token' ? { body: { access_token: `token-${(tokens += 1)}`, ...token } } : other(request);
};
const ask = (scope = 'scope-1', platform = host.platform) =>
  services.request(platform, scope, `${host.origin}/service`, { method: 'GET', headers: {} });
const used = () =>
  host.requests.filter(({ line }) => line === 'GET /service').map(({ headers }) => headers.authorization);

describe('an access token', () => {
  test.each([
    ['of an hour', { expires_in: 3600 }, 3570],
    ['without a lifetime is one of an hour', {}, 3570],
    ['of a minute', { expires_in: 60 }, 30],
  ])('%s is used until half a minute before its end', async (_what, answer, seconds) => {
    token = answer;
    await ask();
    nowMs = startMs + seconds * 1000 - 1;
    await ask();
    nowMs += 1;
    await ask();
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  });

  test('that ends within half a minute is used once', async () => {
    token = { expires_in: 0 };
    await ask();
    await ask();
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  test('is for one scope of one platform', async () => {
    await ask('scope-1');
    await ask('scope-2');
    await ask('scope-1', { ...host.platform, platformId: 'canvas' });
    await ask('scope-1');
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3', 'Bearer token-1']);
  });

  test('is asked for with a new assertion each time, which is valid for a minute at that address only', async () => {
    token = { expires_in: 0 };
    await ask();
    await ask();
    const assertions = host.requests
      .filter(({ line }) => line === 'POST /token')
      .map(({ body }) => decodeJwt(new URLSearchParams(body).get('client_assertion') ?? ''));
    const expected = { iss: 'client-1', sub: 'client-1', aud: `${host.origin}/token` };
    expect(assertions).toEqual([expect.objectContaining(expected), expect.objectContaining(expected)]);
    expect(new Set(assertions.map(({ jti }) => jti)).size).toBe(2);
    expect(assertions.map(({ iat = 0, exp = 0 }) => exp - iat)).toEqual([60, 60]);
  });

  test.each([
    ['no token', { access_token: undefined }],
    ['an empty token', { access_token: '' }],
    ['a token beyond 16,000 characters', { access_token: 'x'.repeat(16_001) }],
    ['a lifetime below zero', { expires_in: -1 }],
    ['a lifetime as text', { expires_in: '3600' }],
  ])('is not accepted with %s, and the service gets no request', async (_what, answer) => {
    token = answer;
    await expect(ask()).rejects.toMatchObject({ problem: 'invalid' });
    expect(used()).toEqual([]);
  });
});

describe('a request to a service', () => {
  test('that refuses the token is repeated once with a new one', async () => {
    answering(({ headers }) => ({ status: headers.authorization === 'Bearer token-1' ? 401 : 200 }));
    await ask();
    await ask();
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-2']);
  });

  test('that refuses every token fails after the second', async () => {
    answering(() => ({ status: 401 }));
    await expect(ask()).rejects.toMatchObject({ problem: 'refused', status: 401 });
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  test.each([403, 404, 500])('that answers %i is not repeated, and the token is kept', async (status) => {
    answering(() => ({ status }));
    for (const _try of [1, 2]) await expect(ask()).rejects.toMatchObject({ problem: 'refused', status });
    expect(used()).toEqual(['Bearer token-1', 'Bearer token-1']);
  });

  test.each([
    ['another host', (origin: string) => ({ url: 'http://127.0.0.1:9/service', tokenUrl: `${origin}/token` })],
    ['a platform without a place of tokens', (origin: string) => ({ url: `${origin}/service`, tokenUrl: null })],
  ])('of %s sends nothing at all', async (_what, addresses) => {
    const { url, tokenUrl } = addresses(host.origin);
    const request = services.request({ ...host.platform, tokenUrl }, 's', url, { method: 'GET', headers: {} });
    await expect(request).rejects.toMatchObject({ problem: 'not_of_platform' });
    expect(host.lines).toEqual([]);
  });
});

describe('the members of a course', () => {
  const learner = (id: string, more: object = {}) => ({ user_id: id, roles: ['Learner'], ...more });
  const page = (members: unknown[], next?: string) => ({
    body: { members },
    headers: next === undefined ? {} : { Link: `<${next}>; rel="next"` },
  });
  const read = () => readMemberships(services, host.platform, `${host.origin}/members`);

  test.each([
    ['without a name', {}, null],
    ['whose name is null', { name: null }, null],
    ['whose name is of spaces', { name: '  ' }, null],
    ['with a long name', { name: ` ${'x'.repeat(201)} ` }, 'x'.repeat(200)],
  ])('may contain one %s', async (_what, more, name) => {
    answering(() => page([learner('ada', more)]));
    expect(await read()).toEqual([{ subject: 'ada', name, part: 'student' }]);
  });

  test('count once if two pages have them, as the last one says', async () => {
    answering(({ line }) =>
      line.includes('page=2') ? page([{ user_id: 'ada', roles: ['Instructor'] }]) : page([learner('ada')], '?page=2'),
    );
    expect(await read()).toEqual([{ subject: 'ada', name: null, part: 'teacher' }]);
  });

  test('may be 10,000, and no more', async () => {
    const members = Array.from({ length: 10_001 }, (_member, index) => learner(`s${index}`));
    answering(() => page(members.slice(1)));
    expect(await read()).toHaveLength(10_000);
    answering(() => page(members));
    await expect(read()).rejects.toMatchObject({ problem: 'too_large' });
  });

  test('are given up after 100 pages, as a page that names itself as the next would never end', async () => {
    answering(() => page([learner('ada')], '/members'));
    await expect(read()).rejects.toMatchObject({ problem: 'too_large' });
    expect(host.lines.filter((line) => line === 'GET /members')).toHaveLength(100);
  });

  test.each([
    ['invalid', 'a later page has a member without an id', page([learner('')])],
    ['invalid', 'a later page has no members', { body: { error: 'busy' } }],
    ['not_of_platform', 'a later page is at another host', page([learner('emmy')], 'http://127.0.0.1:9/members')],
    ['refused', 'a later page fails', { status: 503 }],
  ])('are an error, not a part of the list: %s, %s', async (problem, _what, later) => {
    answering(({ line }) => (line.includes('page=2') ? later : page([learner('ada')], '?page=2')));
    await expect(read()).rejects.toMatchObject({ problem });
  });
});
