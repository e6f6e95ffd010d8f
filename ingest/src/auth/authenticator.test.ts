import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ExamLink } from '../model/exam.ts';
import type { Session } from '../model/session.ts';
import { devAuthenticator, jwtAuthenticator, tokenOf } from './authenticator.ts';
import type { TokenAuthenticator } from './authenticator.ts';
import { PersonalLinks } from './personal-links.ts';
import { remoteKeys } from './remote-keys.ts';
import { SessionTokens } from './session-tokens.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const nowS = nowMs / 1000;
const now = (): number => nowMs;
const secret = new TextEncoder().encode('a secret of more than thirty-two characters');
const sessionTokens = new SessionTokens(async () => secret, 600, { isOpen: async () => true });
const link: ExamLink = {
  linkId: 'link-1',
  examId: 'physics',
  studentId: 'ada',
  createdAt: new Date(nowMs).toISOString(),
  expiresAt: new Date(nowMs + 60_000).toISOString(),
  revokedAt: null,
  createdBy: 'tina',
  firstUsedAt: null,
};
let keptLink: ExamLink | null = link;
const links = new PersonalLinks(async () => secret, {
  find: async () => keptLink,
  used: async () => undefined,
});
const session: Session = {
  sessionId: 's1',
  examId: 'physics',
  memberId: 'ada',
  status: 'running',
  startedAt: new Date(nowMs).toISOString(),
  endedAt: null,
};

const sign = (claims: JWTPayload, key: Uint8Array = secret): Promise<string> =>
  new SignJWT({ user_id: 'tina', role: 'TEACHER', exp: nowS + 60, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(key);
const withSecret = (audience: string | null = null): TokenAuthenticator =>
  jwtAuthenticator({ keys: { algorithms: ['HS256'], key: secret }, audience, sessionTokens, links, now });

/** Both answers to a token: with the reason, and without. */
const answersTo = async (authenticator: TokenAuthenticator, token: string | null): Promise<unknown[]> => [
  await authenticator.authenticate(token),
  await authenticator.principalOf(token),
];
const rejected = (claim: string | null, reason: RegExp): unknown[] => [
  { status: 'rejected', claim, reason: expect.stringMatching(reason) },
  null,
];

describe('with a secret', () => {
  test('takes a user’s token', async () => {
    expect(await withSecret().principalOf(await sign({}))).toEqual({
      userId: 'tina',
      role: 'TEACHER',
      sessionId: null,
      examId: null,
      expiresAtMs: nowMs + 60_000,
    });
  });

  test('takes a session’s token and knows it as one', async () => {
    const { token } = await sessionTokens.issue(session, nowMs, { mayAnswer: true });
    expect(await withSecret().principalOf(token)).toMatchObject({ userId: 'ada', sessionId: 's1' });
    expect(await withSecret().ownPrincipalOf(token)).toMatchObject({ userId: 'ada', sessionId: 's1' });
    expect([await withSecret().ownPrincipalOf(await sign({})), await withSecret().ownPrincipalOf(null)]).toEqual([
      null,
      null,
    ]);
  });

  test.each([
    ['no token', null, null, /is missing; send Authorization/],
    ['an empty one', '', null, /invalid/],
    ['nonsense', 'a.b.c', null, /invalid/],
  ])('refuses %s', async (_what, token, claim, reason) => {
    expect(await answersTo(withSecret(), token)).toEqual(rejected(claim, reason));
  });

  test.each([
    ['exp', { exp: nowS - 10 }, /has expired/],
    ['exp', { exp: undefined }, /claim exp is missing/],
    ['nbf', { nbf: nowS + 11 }, /claim nbf is not accepted here/],
    ['aud', { aud: 'another-service' }, /claim aud is not accepted here/],
    ['user_id', { user_id: 'a b' }, /claim user_id must be an id/],
    ['user_id', { user_id: undefined }, /claim user_id is missing, and so is sub/],
    ['sub', { user_id: undefined, sub: 'auth0|1' }, /add a user_id that is one/],
    ['role', { role: 'OWNER' }, /must be one of STUDENT, TEACHER, ADMIN/],
    ['role', { role: undefined }, /is missing/],
  ])('names the claim %s of %j', async (claim, claims, reason) => {
    expect(await answersTo(withSecret(), await sign(claims as JWTPayload))).toEqual(rejected(claim, reason));
  });

  test.each([
    { exp: nowS - 9 },
    { nbf: nowS + 10 },
    { iat: nowS + 5 },
    { aud: 'invigil' },
    { aud: ['other', 'invigil'] },
  ])('takes %j, within the tolerance and for this audience', async (claims: JWTPayload) => {
    expect(await withSecret().principalOf(await sign(claims))).toMatchObject({ userId: 'tina' });
  });

  test('demands the configured audience, if there is one', async () => {
    const strict = withSecret('our-school');
    expect(await strict.principalOf(await sign({ aud: 'our-school' }))).not.toBeNull();
    expect(await answersTo(strict, await sign({}))).toEqual(rejected('aud', /claim aud is missing/));
    expect(await answersTo(strict, await sign({ aud: 'invigil' }))).toEqual(
      rejected('aud', /claim aud is not accepted/),
    );
  });

  test('names no claim of a token that was signed with another key', async () => {
    const foreign = await sign({ exp: nowS - 100 }, new TextEncoder().encode('x'.repeat(40)));
    expect(await answersTo(withSecret(), foreign)).toEqual(rejected(null, /the token or its signature is invalid/));
  });
});

describe('a personal link', () => {
  afterEach(() => (keptLink = link));

  test('is a student’s access to one exam', async () => {
    const principal = await withSecret().principalOf(await links.tokenOf(link));
    const expiresAtMs = Date.parse(link.expiresAt);
    expect(principal).toEqual({ userId: 'ada', role: 'STUDENT', sessionId: null, examId: 'physics', expiresAtMs });
  });

  test('has the same token each time it is signed', async () => {
    expect(await links.tokenOf(link)).toBe(await links.tokenOf(link));
  });

  test.each([
    ['deleted', null],
    ['replaced', { ...link, linkId: 'link-2' }],
    ['revoked', { ...link, revokedAt: new Date(nowMs).toISOString() }],
  ])('is refused once it was %s', async (_what, kept) => {
    const token = await links.tokenOf(link);
    keptLink = kept;
    expect(await withSecret().principalOf(token)).toBeNull();
    expect(await devAuthenticator(sessionTokens, links, now).principalOf(token)).toBeNull();
  });

  test('is refused after it expired, and if another server signed it', async () => {
    const expired = await links.tokenOf({ ...link, expiresAt: new Date(nowMs - 60_000).toISOString() });
    const others = new PersonalLinks(async () => new TextEncoder().encode('x'.repeat(40)), {
      find: async () => link,
      used: async () => undefined,
    });
    expect(await withSecret().principalOf(expired)).toBeNull();
    expect(await withSecret().principalOf(await others.tokenOf(link))).toBeNull();
  });
});

describe('with AUTH=dev', () => {
  const dev = devAuthenticator(sessionTokens, links, now);

  test('no token is an admin’s', async () => {
    expect(await dev.principalOf(null)).toMatchObject({ userId: 'dev', role: 'ADMIN', expiresAtMs: null });
  });

  test('a token’s claims count without its signature', async () => {
    const anybodys = await sign({}, new TextEncoder().encode('x'.repeat(40)));
    expect(await dev.principalOf(anybodys)).toMatchObject({ userId: 'tina', role: 'TEACHER' });
    const { token } = await sessionTokens.issue(session, nowMs, { mayAnswer: false });
    expect(await dev.principalOf(token)).toMatchObject({ sessionId: 's1', mayAnswer: false });
  });

  test('a token that is unreadable, expired or without a role is refused all the same', async () => {
    expect(await answersTo(dev, 'nonsense')).toEqual(rejected(null, /invalid/));
    expect(await answersTo(dev, await sign({ exp: nowS - 10 }))).toEqual(rejected('exp', /expired/));
    expect(await answersTo(dev, await sign({ role: 'OWNER' }))).toEqual(rejected('role', /must be one of/));
  });
});

describe('with keys of an identity provider', () => {
  let server: Server;
  let url: URL;
  let answer: { status: number; body: string };
  let requests = 0;
  const failures: unknown[] = [];
  let rsa: Awaited<ReturnType<typeof generateKeyPair>>;
  let ec: Awaited<ReturnType<typeof generateKeyPair>>;

  beforeAll(async () => {
    rsa = await generateKeyPair('RS256');
    ec = await generateKeyPair('ES256');
    const keys = [
      { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256' },
      { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256' },
    ];
    answer = { status: 200, body: JSON.stringify({ keys }) };
    server = createServer((_request, response) => {
      requests += 1;
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const open = (at = url): TokenAuthenticator =>
    jwtAuthenticator({
      keys: { algorithms: ['RS256', 'ES256'], key: remoteKeys(at, (error) => failures.push(error)) },
      audience: null,
      sessionTokens,
      links,
      now,
    });
  const signWith = (kid: string, key: CryptoKey, alg: string): Promise<string> =>
    new SignJWT({ sub: 'tina', role: 'TEACHER', exp: nowS + 60 }).setProtectedHeader({ alg, kid }).sign(key);

  test('takes tokens that its keys signed, and fetches the keys once', async () => {
    const authenticator = open();
    requests = 0;
    for (const token of [
      await signWith('rsa', rsa.privateKey, 'RS256'),
      await signWith('ec', ec.privateKey, 'ES256'),
    ]) {
      expect(await authenticator.principalOf(token)).toMatchObject({ userId: 'tina' });
    }
    expect(requests).toBe(1);
  });

  test('refuses tokens of an unknown key, of the wrong key, and those that only a secret signed', async () => {
    const authenticator = open();
    const other = await generateKeyPair('RS256');
    expect(await answersTo(authenticator, await signWith('unknown', other.privateKey, 'RS256'))).toEqual(
      rejected(null, /invalid/),
    );
    expect(await answersTo(authenticator, await signWith('rsa', other.privateKey, 'RS256'))).toEqual(
      rejected(null, /invalid/),
    );
    expect(await answersTo(authenticator, await sign({}))).toEqual(rejected(null, /invalid/));
    expect(failures).toEqual([]);
  });

  test.each([
    [500, '{}'],
    [200, 'not JSON'],
    [200, '{"keys":7}'],
  ])('fails, rather than refuses, if the key server answers %i %s', async (status, body) => {
    const good = answer;
    answer = { status, body };
    failures.length = 0;
    const token = await signWith('rsa', rsa.privateKey, 'RS256');
    await expect(open().authenticate(token)).rejects.toMatchObject({ reason: 'keys_unavailable' });
    expect(failures).toHaveLength(1);
    answer = good;
  });

  test('still takes session tokens while the key server is away', async () => {
    const away = open(new URL('http://127.0.0.1:1/keys'));
    const { token } = await sessionTokens.issue(session, nowMs, { mayAnswer: true });
    expect(await away.principalOf(token)).toMatchObject({ sessionId: 's1' });
    const users = await signWith('rsa', rsa.privateKey, 'RS256');
    await expect(away.authenticate(users)).rejects.toMatchObject({ reason: 'keys_unavailable' });
  });
});

describe('where the token is', () => {
  const request = (authorization?: string): IncomingMessage => ({ headers: { authorization } }) as IncomingMessage;
  const url = new URL('ws://localhost/ws?token=from-url');

  test.each([
    ['Bearer abc', url, 'abc'],
    ['bearer abc', null, 'abc'],
    ['BEARER abc', null, 'abc'],
    [undefined, url, 'from-url'],
    [undefined, null, null],
    ['Basic abc', url, 'from-url'],
    ['Basic abc', null, null],
    ['Bearer', null, null],
    ['', null, null],
  ])('%j with %s: %j', (authorization, at, token) => {
    expect(tokenOf(request(authorization), at)).toBe(token);
  });
});
