import type { Request } from 'express';
import { describe, expect, test } from 'vitest';
import { AccessControl } from '../../auth/access.ts';
import type { TokenAuthenticator } from '../../auth/authenticator.ts';
import { openBudget } from '../../../test/open-budget.ts';
import type { Role } from '../../model/principal.ts';
import { actingStudentOf } from './acting-student.ts';
import { Authorizer } from './authorize.ts';

/** The token is the user's role and id, such as `STUDENT/ada`. */
const authenticator = {
  async authenticate(token: string | null) {
    const [role, userId] = (token ?? '').split('/');
    const principal = { role: role as Role, userId: userId ?? '', sessionId: null, examId: null, expiresAtMs: null };
    return { status: 'accepted', principal };
  },
} as TokenAuthenticator;
const access = new AccessControl({
  teachersOf: async () => ['tina'],
  isEnrolled: async (studentId) => studentId !== 'eve',
});

const act = (who: string, body?: unknown, examId = 'physics') => {
  const headers = { authorization: `Bearer ${who}` };
  const request = { params: { examId }, headers, body } as unknown as Request;
  return actingStudentOf(new Authorizer(authenticator, access, openBudget()), request);
};

describe('who works in an exam', () => {
  test.each([undefined, null, {}, 'text', ['student_id']])(
    'is the student of the token, with the body %j',
    async (body) => {
      expect(await act('STUDENT/ada', body)).toMatchObject({ examId: 'physics', studentId: 'ada' });
    },
  );

  test('is never a student whom another student names', async () => {
    await expect(act('STUDENT/ada', { student_id: 'bob' })).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  test('is the student whom an exam platform names, and the platform is the actor', async () => {
    const acting = await act('ADMIN/platform', { student_id: 'bob' });
    expect([acting.studentId, acting.principal.userId]).toEqual(['bob', 'platform']);
  });

  test('must be named by an exam platform', async () => {
    await expect(act('ADMIN/platform', {})).rejects.toMatchObject({ code: 'INVALID_MESSAGE', field: 'student_id' });
  });

  test.each([7, null, '', '../x', 'a b', ['bob']])(
    'is nobody with the id %j, which is refused for everybody',
    async (id) => {
      for (const who of ['STUDENT/ada', 'ADMIN/platform']) {
        await expect(act(who, { student_id: id })).rejects.toMatchObject({
          code: 'INVALID_MESSAGE',
          field: 'student_id',
        });
      }
    },
  );

  test.each(['TEACHER/tina', 'STUDENT/eve'])('is not %s', async (who) => {
    await expect(act(who)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  test('is looked up in no exam with an invalid id', async () => {
    await expect(act('STUDENT/ada', {}, '../x')).rejects.toMatchObject({ field: 'exam_id' });
  });
});
