import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Principal, Role } from '../model/principal.ts';
import { AccessControl, examTarget, targetOf } from './access.ts';
import type { ExamMembership, Target } from './access.ts';
import { accessTable } from './access-table.ts';
import type { Action } from './access-table.ts';

const user = (userId: string, role: Role): Principal => ({
  userId,
  role,
  sessionId: null,
  examId: null,
  expiresAtMs: null,
});
const [ada, bob] = [user('ada', 'STUDENT'), user('bob', 'STUDENT')];
const [tina, tom, root] = [user('tina', 'TEACHER'), user('tom', 'TEACHER'), user('root', 'ADMIN')];
const ofSession: Principal = { ...ada, sessionId: 's1', examId: 'physics' };

/** Physics is Tina's, with Ada in it; maths has no teacher; no other exam exists. */
class Membership implements ExamMembership {
  enrolled = new Set(['physics/ada']);
  asked = 0;

  async teachersOf(examId: string): Promise<readonly string[] | null> {
    this.asked += 1;
    return { physics: ['tina'], maths: [] }[examId] ?? null;
  }

  async isEnrolled(studentId: string, examId: string): Promise<boolean> {
    this.asked += 1;
    return this.enrolled.has(`${examId}/${studentId}`);
  }
}

let membership: Membership;
let access: AccessControl;
beforeEach(() => {
  membership = new Membership();
  access = new AccessControl(membership);
});

const target = (examId: string | null, memberId: string | null = null, sessionId: string | null = null): Target => ({
  examId,
  memberId,
  sessionId,
});
const allows = (principal: Principal, action: Action, at: Target) => access.allows(principal, action, at);

test('targets name what a session or an exam belongs to', () => {
  const session = { sessionId: 's1', examId: 'physics', memberId: 'ada' };
  expect(targetOf({ ...session, status: 'running', startedAt: '', endedAt: null })).toEqual(session);
  expect(examTarget('physics')).toEqual(target('physics'));
});

describe('a student', () => {
  test.each([
    ['session.read', target('physics', 'ada', 's1'), true],
    ['session.read', target('physics', 'bob', 's2'), false],
    ['session.read', target(null, null, 's3'), false],
    ['exam.attend', target('physics'), true],
    ['exam.attend', target('maths'), false],
    ['exam.attend', target('unknown'), false],
    ['exam.attend', target(null), false],
    ['exam.work', target('physics', 'ada'), true],
    ['exam.work', target('physics', 'bob'), false],
    ['exam.create', target(null), false],
    ['report.review', target('physics', 'ada', 's1'), false],
    ['student.erase', target(null, 'ada'), false],
  ] as const)('%s on %o: %s', async (action, at, expected) => {
    expect(await allows(ada, action, at)).toBe(expected);
  });

  test('loses an exam at once when the enrolment is gone', async () => {
    expect(await allows(ada, 'exam.attend', target('physics'))).toBe(true);
    membership.enrolled.clear();
    expect(await allows(ada, 'exam.attend', target('physics'))).toBe(false);
  });

  test('has nothing of another student', async () => {
    for (const action of Object.keys(accessTable) as Action[]) {
      if (accessTable[action].student === 'any') continue;
      expect(await allows(bob, action, target('physics', 'ada', 's1'))).toBe(false);
    }
  });
});

describe('a session’s token', () => {
  test.each([
    ['session.send', target('physics', 'ada', 's1'), true],
    // Another session of the same student.
    ['session.send', target('physics', 'ada', 's2'), false],
    ['exam.work', target('physics', 'ada'), true],
    ['exam.work', target('maths', 'ada'), false],
    ['session.start', target('physics', 'ada'), false],
    ['student.export', target(null, 'ada'), false],
  ] as const)('%s on %o: %s', async (action, at, expected) => {
    membership.enrolled.add('maths/ada');
    expect(await allows(ofSession, action, at)).toBe(expected);
  });

  test('is worth nothing in its exam once the student was erased', async () => {
    membership.enrolled.clear();
    expect(await allows(ofSession, 'exam.work', target('physics', 'ada'))).toBe(false);
  });

  test('that a teacher was given sends frames, and neither works nor contests as the student', async () => {
    const given: Principal = { ...ofSession, mayAnswer: false };
    const own = target('physics', 'ada', 's1');
    expect(await allows(given, 'session.send', own)).toBe(true);
    expect(await allows(given, 'exam.work', own)).toBe(false);
    expect(await allows(given, 'report.contest', own)).toBe(false);
    expect(await allows(ofSession, 'report.contest', own)).toBe(true);
  });
});

describe('the token of a phone that is the camera', () => {
  const phone: Principal = { ...ofSession, mayAnswer: false, cameraLinkId: 'link-1' };
  const publicActions: readonly Action[] = ['server.look', 'camera.join'];

  test('sends frames of its session, and permits nothing else that needs a token', async () => {
    const own = target('physics', 'ada', 's1');
    const allowed: Action[] = [];
    for (const action of Object.keys(accessTable) as Action[])
      if (await allows(phone, action, own)) allowed.push(action);
    expect(allowed.filter((action) => !publicActions.includes(action))).toEqual(['session.send']);
    expect(await allows(phone, 'session.send', target('physics', 'ada', 's2'))).toBe(false);
  });
});

describe('a teacher', () => {
  test.each([
    [tina, 'exam.manage', target('physics'), true],
    [tom, 'exam.manage', target('physics'), false],
    // An exam without teachers belongs to no teacher, not to all of them.
    [tina, 'exam.manage', target('maths'), false],
    [tina, 'exam.manage', target('unknown'), false],
    [tina, 'session.start', target('unknown', 'ada'), true],
    [tom, 'session.start', target('physics', 'ada'), false],
    [tina, 'session.start', target(null, 'ada'), false],
    [tina, 'exam.work', target('physics', 'ada'), false],
    [tina, 'alerts.receive', target(null, 'tina'), true],
    [tina, 'alerts.receive', target(null, 'tom'), false],
    [tina, 'session.read', target(null, null, 's3'), false],
  ] as const)('%o %s on %o: %s', async (who, action, at, expected) => {
    expect(await allows(who, action, at)).toBe(expected);
  });
});

test('an admin is asked about no exam', async () => {
  for (const action of Object.keys(accessTable) as Action[]) {
    expect(await allows(root, action, target('unknown', 'ada', 's1'))).toBe(accessTable[action].admin === 'any');
  }
  expect(membership.asked).toBe(0);
});

test('`never` holds for any target, and `any` too', async () => {
  const id = fc.constantFrom('physics', 'maths', 'unknown', 'ada', 'bob', 'tina', 's1', null);
  const targets = fc.record({ examId: id, memberId: id, sessionId: id });
  const who = fc.constantFrom(
    [ada, 'student'] as const,
    [ofSession, 'sessionToken'] as const,
    [tina, 'teacher'] as const,
    [root, 'admin'] as const,
  );
  const action = fc.constantFrom(...(Object.keys(accessTable) as Action[]));
  await fc.assert(
    fc.asyncProperty(who, action, targets, async ([principal, role], act, at) => {
      const allowed = await access.allows(principal, act, at);
      const reach = accessTable[act][role];
      expect(allowed && reach === 'never').toBe(false);
      expect(!allowed && reach === 'any').toBe(false);
    }),
    { numRuns: 500 },
  );
});
