import type { Request } from 'express';
import { beforeEach, describe, expect, test } from 'vitest';
import { AccessControl } from '../../auth/access.ts';
import type { TokenAuthenticator } from '../../auth/authenticator.ts';
import type { UsageBudget } from '../../budget/usage-budget.ts';
import { keysUnavailable } from '../../model/ingest-error.ts';
import type { Principal } from '../../model/principal.ts';
import type { Session } from '../../model/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { Authorizer } from './authorize.ts';
import { loadSession } from './load-session.ts';

type Authentication = Awaited<ReturnType<TokenAuthenticator['authenticate']>>;

const person = (userId: string, role: Principal['role']): Principal => ({
  userId,
  role,
  sessionId: null,
  examId: null,
  expiresAtMs: null,
});
const accepted = (principal: Principal): Authentication => ({ status: 'accepted', principal });
const rejected = (reason: string, claim: string | null): Authentication => ({ status: 'rejected', reason, claim });

const answers: Record<string, Authentication> = {
  ada: accepted(person('ada', 'STUDENT')),
  tina: accepted(person('tina', 'TEACHER')),
  root: accepted(person('root', 'ADMIN')),
  expired: rejected('the token has expired', 'exp'),
  'odd-user': rejected('the token’s claim user_id must be an id', 'user_id'),
  'odd-sub': rejected('the token’s claim sub must be an id', 'sub'),
};

let asked: (string | null)[];
let spent: string[];
let waitMs: number | null;
let authorizer: Authorizer;
beforeEach(() => {
  [asked, spent, waitMs] = [[], [], null];
  const authenticator = {
    async authenticate(token: string | null) {
      asked.push(token);
      if (token === 'keys-away') throw keysUnavailable('away');
      return answers[token ?? ''] ?? rejected('the token is missing', null);
    },
  } as TokenAuthenticator;
  const budget = {
    spend(limit: string, userId: string) {
      spent.push(`${limit} ${userId}`);
      return waitMs;
    },
  } as unknown as UsageBudget;
  const access = new AccessControl({
    teachersOf: async (examId) => (examId === 'physics' ? ['tina'] : null),
    isEnrolled: async () => false,
  });
  authorizer = new Authorizer(authenticator, access, budget);
});

const request = (token: string | null, changes: Partial<Request> = {}): Request =>
  ({
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    method: 'GET',
    params: {},
    ...changes,
  }) as Request;
/** The problem that the work rejects with. */
const problemOf = async (work: Promise<unknown>): Promise<HttpProblem> => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HttpProblem) return error;
  throw new Error('no problem was thrown', { cause: error });
};

describe('identify', () => {
  test('asks once for each request, however many parts need the user', async () => {
    const one = request('ada');
    expect(
      (await Promise.all([authorizer.identify(one), authorizer.identify(one)])).map(({ userId }) => userId),
    ).toEqual(['ada', 'ada']);
    await authorizer.identify(request('ada'));
    expect(asked).toEqual(['ada', 'ada']);
    expect(spent).toHaveLength(2);
  });

  test.each([
    [null, 'AUTH_FAILED', null],
    ['unknown', 'AUTH_FAILED', null],
    ['expired', 'AUTH_FAILED', 'exp'],
    // Another token of the same provider would be refused as well.
    ['odd-user', 'INVALID_MESSAGE', 'user_id'],
    ['odd-sub', 'INVALID_MESSAGE', 'sub'],
  ])('with the token %j is %s', async (token, code, field) => {
    expect(await problemOf(authorizer.identify(request(token)))).toMatchObject({ code, field });
    expect(spent).toEqual([]);
  });

  test('refuses a user who asked too often, with the time to wait, and no admin', async () => {
    waitMs = 1500;
    expect(await problemOf(authorizer.identify(request('ada')))).toMatchObject({
      code: 'RATE_EXCEEDED',
      retryAfterSeconds: 2,
    });
    expect(await authorizer.identify(request('root'))).toMatchObject({ userId: 'root' });
    expect(spent).toEqual(['requests ada']);
  });

  test('passes on that the keys are away, which is no verdict on the token', async () => {
    await expect(authorizer.identify(request('keys-away'))).rejects.toMatchObject({ reason: 'keys_unavailable' });
  });
});

describe('authorize', () => {
  test('returns the user, or refuses without saying why', async () => {
    const target = { examId: 'physics', memberId: null, sessionId: null };
    expect(await authorizer.authorize(request('tina'), 'exam.manage', target)).toMatchObject({ userId: 'tina' });
    const refused = await problemOf(authorizer.authorize(request('ada'), 'exam.manage', target));
    expect(refused).toMatchObject({
      code: 'ACCESS_DENIED',
      message: 'this token does not allow this request',
      field: null,
    });
  });

  test('an action that concerns nothing in particular needs no target', async () => {
    expect(await authorizer.authorize(request('tina'), 'exam.list', null)).toMatchObject({ userId: 'tina' });
    expect(await problemOf(authorizer.authorize(request('ada'), 'exam.list', null))).toMatchObject({
      code: 'ACCESS_DENIED',
    });
  });
});

describe('loadSession', () => {
  const session = (sessionId: string): Session => ({
    sessionId,
    examId: 'physics',
    memberId: 'ada',
    status: 'running',
    startedAt: '',
    endedAt: null,
  });
  /** As in the documented `curl` examples. */
  const exampleSessionId = 'demo_session';
  let opened: string[];
  const sessions = {
    find: async (sessionId: string) => (sessionId === 's1' ? session('s1') : null),
    async open(sessionId: string) {
      opened.push(sessionId);
      return session(sessionId);
    },
  } as unknown as Sessions;
  beforeEach(() => {
    opened = [];
  });
  const load = (
    token: string,
    sessionId: unknown,
    action: 'session.read' | 'session.send' = 'session.read',
    method = 'GET',
  ) => loadSession(sessions, authorizer)(request(token, { method, params: { sessionId } as never }), action);

  test('returns the session and the user', async () => {
    expect(await load('ada', 's1')).toMatchObject({ session: { sessionId: 's1' }, principal: { userId: 'ada' } });
  });

  test('answers 404 before it says whether the user might have seen the session', async () => {
    expect(await problemOf(load('ada', 'unknown'))).toMatchObject({ code: 'SESSION_NOT_FOUND' });
    expect(opened).toEqual([]);
  });

  test('asks for a token before it looks for a session', async () => {
    expect(await problemOf(load('nobody', 'unknown'))).toMatchObject({ code: 'AUTH_FAILED' });
  });

  test.each(['a/b', '', undefined, 7])('refuses %j, which cannot be an id', async (sessionId) => {
    expect(await problemOf(load('ada', sessionId))).toMatchObject({ code: 'INVALID_MESSAGE', field: 'session_id' });
    expect(asked).toEqual([]);
  });

  test.each([
    ['session.send', 'mistyped', 'POST', ['mistyped']],
    ['session.read', exampleSessionId, 'POST', [exampleSessionId]],
    ['session.read', exampleSessionId, 'GET', []],
    ['session.read', 'mistyped', 'POST', []],
  ] as const)('%s of %s by %s may create it: %j', async (action, sessionId, method, expected) => {
    await load('root', sessionId, action, method).catch(() => undefined);
    expect(opened).toEqual(expected);
  });
});
