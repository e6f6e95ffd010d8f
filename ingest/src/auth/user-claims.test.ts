import fc from 'fast-check';
import { isId } from '@invigil/protocol/frame';
import { expect, test } from 'vitest';
import { readUserClaims } from './user-claims.ts';

const read = (claims: object) => readUserClaims({ ...claims }, 0);

test('takes the user from user_id, otherwise from sub', () => {
  expect(read({ user_id: 'ada', sub: 'other', role: 'STUDENT' })).toMatchObject({ principal: { userId: 'ada' } });
  expect(read({ sub: 'ada', role: 'STUDENT', exp: 5 })).toEqual({
    ok: true,
    principal: { userId: 'ada', role: 'STUDENT', sessionId: null, examId: null, expiresAtMs: 5000 },
  });
});

test.each(['auth0|5f7c8ec7aa', 'f:3b1e2c4d:anna', 'anna+1@x.org', 'https://idp.example/users/17', 'Müller', 'a b'])(
  'ignores the sub %s beside a user_id, and names it if there is no user_id',
  (sub) => {
    expect(read({ user_id: 'anna', sub, role: 'TEACHER' })).toMatchObject({ ok: true, principal: { userId: 'anna' } });
    expect(read({ sub, role: 'TEACHER' })).toMatchObject({ ok: false, claim: 'sub' });
  },
);

test('names the claim that is missing or invalid', () => {
  expect(read({ role: 'TEACHER' })).toMatchObject({ ok: false, claim: 'user_id' });
  expect(read({ user_id: 'anna' })).toMatchObject({ claim: 'role', reason: expect.stringMatching(/^is missing/) });
  expect(read({ user_id: 'anna', role: ['ADMIN'] })).toMatchObject({
    claim: 'role',
    reason: expect.stringMatching(/^must/),
  });
});

test('never creates a principal from an invalid id', () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (user_id, sub) => {
      const claims = read({ user_id, sub, role: 'ADMIN' });
      expect(!claims.ok || isId(claims.principal.userId)).toBe(true);
    }),
  );
});
