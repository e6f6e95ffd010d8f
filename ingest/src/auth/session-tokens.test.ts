import { SignJWT, decodeJwt } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../model/session.ts';
import { SessionTokens } from './session-tokens.ts';
import { clockToleranceSeconds } from './token-times.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const nowS = nowMs / 1000;
const lifetimeSeconds = 600;
const secret = new TextEncoder().encode('a secret of more than thirty-two characters');
const session: Session = {
  sessionId: 's1',
  examId: 'physics',
  memberId: 'ada',
  status: 'running',
  startedAt: new Date(nowMs).toISOString(),
  endedAt: null,
};

const openLinks = new Set<string>();
const cameraLinks = { isOpen: async (linkId: string) => openLinks.has(linkId) };
let tokens: SessionTokens;
beforeEach(() => {
  openLinks.clear();
  tokens = new SessionTokens(async () => secret, lifetimeSeconds, cameraLinks);
});

const issue = async (of = session, mayAnswer = true): Promise<string> =>
  (await tokens.issue(of, nowMs, { mayAnswer })).token;
/** A token like ours except for some claims. */
const forged = (claims: object, key = secret): Promise<string> =>
  new SignJWT({
    sub: 'ada',
    role: 'STUDENT',
    session_id: 's1',
    exam_id: 'physics',
    aud: 'invigil-session',
    exp: nowS + 60,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(key);

describe('a token that was issued', () => {
  test('is its student’s, for that session and its exam, until the end of its lifetime', async () => {
    const { token, expiresAt } = await tokens.issue(session, nowMs, { mayAnswer: true });
    expect(expiresAt).toBe(new Date(nowMs + lifetimeSeconds * 1000).toISOString());
    expect(await tokens.verify(token, nowMs)).toEqual({
      userId: 'ada',
      role: 'STUDENT',
      sessionId: 's1',
      examId: 'physics',
      expiresAtMs: nowMs + lifetimeSeconds * 1000,
    });
  });

  test('of a session without a student or an exam is the session’s own', async () => {
    const token = await issue({ ...session, memberId: null, examId: null });
    expect(await tokens.verify(token, nowMs)).toMatchObject({ userId: 's1', examId: null });
  });

  test('for a phone states its link, and is valid while the link is', async () => {
    const { token } = await tokens.issue(session, nowMs, { mayAnswer: false, cameraLinkId: 'link-1' });
    expect(await tokens.verify(token, nowMs)).toBeNull();
    openLinks.add('link-1');
    expect(await tokens.verify(token, nowMs)).toMatchObject({ sessionId: 's1', cameraLinkId: 'link-1' });
    openLinks.clear();
    expect(await tokens.verify(token, nowMs)).toBeNull();
  });

  test('for a teacher states that it may not answer, and any other does not', async () => {
    expect(await tokens.verify(await issue(session, false), nowMs)).toMatchObject({ mayAnswer: false });
    const own = await issue();
    expect(decodeJwt(own)).not.toHaveProperty('may_answer');
    expect(await tokens.verify(own, nowMs)).not.toHaveProperty('mayAnswer');
  });

  test('ends with the tolerance of clocks, and not a second later', async () => {
    const token = await issue();
    const endMs = nowMs + lifetimeSeconds * 1000;
    expect(await tokens.verify(token, endMs + (clockToleranceSeconds - 1) * 1000)).toMatchObject({
      expiresAtMs: endMs + clockToleranceSeconds * 1000,
    });
    expect(await tokens.verify(token, endMs + clockToleranceSeconds * 1000)).toBeNull();
  });
});

describe('what is no token of this server', () => {
  test.each([
    ['a user’s token', { aud: 'invigil' }],
    ['a token without an audience', { aud: undefined }],
    ['a token without an end', { exp: undefined }],
    ['a token without a user', { sub: undefined }],
    ['another role', { role: 'TEACHER' }],
    ['a user id that cannot be one', { sub: 'a:b' }],
    ['a session id that cannot be one', { session_id: '../s1' }],
    ['a token without a session', { session_id: undefined }],
    ['an exam id that cannot be one', { exam_id: 'a b' }],
    ['a right that does not exist', { may_answer: true }],
  ])('%s', async (_what, claims) => {
    expect(await tokens.verify(await forged({}), nowMs)).not.toBeNull();
    expect(await tokens.verify(await forged(claims), nowMs)).toBeNull();
  });

  test('one that another secret signed', async () => {
    const other = new TextEncoder().encode('another secret of more than thirty-two characters');
    expect(await tokens.verify(await forged({}, other), nowMs)).toBeNull();
  });

  test('one that is not signed, or signed with another algorithm', async () => {
    const [, payload] = (await forged({})).split('.');
    const head = (alg: string): string => Buffer.from(JSON.stringify({ alg })).toString('base64url');
    expect(await tokens.verify(`${head('none')}.${payload}.`, nowMs)).toBeNull();
    const longer = await new SignJWT(decodeJwt(await forged({}))).setProtectedHeader({ alg: 'HS512' }).sign(secret);
    expect(await tokens.verify(longer, nowMs)).toBeNull();
  });

  test.each(['', '.', 'a.b.c', 'not a token', 'a.b'])('%j', async (text) => {
    expect(await tokens.verify(text, nowMs)).toBeNull();
  });

  test('one of which a single character was changed', async () => {
    const token = await issue();
    const [head, payload, signature] = token.split('.') as [string, string, string];
    const changed = Buffer.from(payload, 'base64url').toString().replace('"s1"', '"s2"');
    expect(await tokens.verify(`${head}.${Buffer.from(changed).toString('base64url')}.${signature}`, nowMs)).toBeNull();
  });
});

test('an unavailable secret is an error and no verdict on the token', async () => {
  const away = new SessionTokens(() => Promise.reject(new Error('records away')), 60, cameraLinks);
  await expect(away.verify(await issue(), nowMs)).rejects.toThrow('records away');
  await expect(away.issue(session, nowMs, { mayAnswer: true })).rejects.toThrow('records away');
});

test('the secret is read at each use, so that one that comes later counts', async () => {
  let current = new TextEncoder().encode('an older secret of more than thirty-two characters');
  const changing = new SessionTokens(async () => current, 60, cameraLinks);
  const token = await issue();
  expect(await changing.verify(token, nowMs)).toBeNull();
  current = secret;
  expect(await changing.verify(token, nowMs)).not.toBeNull();
});
