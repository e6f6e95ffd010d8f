import { describe, expect, test } from 'vitest';
import { claimAt, readStaffClaims } from './staff-claims.ts';

const mapping = { userClaim: 'sub', roleClaim: 'realm_access.roles', teacherRoles: ['lecturer'], adminRoles: ['it'] };

describe('a claim', () => {
  test.each([
    ['roles', ['a']],
    ['realm_access.roles', ['b']],
    ['https://example.edu/roles', ['c']],
    ['realm_access.none', undefined],
    ['roles.length', 1],
    ['constructor', undefined],
    ['realm_access.__proto__', undefined],
  ])('%s', (name, value) => {
    const claims = { roles: ['a'], realm_access: { roles: ['b'] }, 'https://example.edu/roles': ['c'] };
    expect(claimAt(claims, name)).toEqual(value);
  });
});

describe('a user of staff', () => {
  test.each([
    [['lecturer', 'other'], 'TEACHER'],
    [['lecturer', 'it'], 'ADMIN'],
    ['it', 'ADMIN'],
  ])('with the roles %j is %s', (roles, role) => {
    expect(readStaffClaims({ sub: 'hill', realm_access: { roles } }, mapping)).toEqual({
      ok: true,
      userId: 'hill',
      role,
    });
  });

  test.each([[[]], [['Lecturer']], ['lecturers'], [7], [{ lecturer: true }], [undefined]])(
    'with the roles %j has no access',
    (roles) => {
      const claims = { sub: 'hill', realm_access: { roles } };
      expect(readStaffClaims(claims, mapping)).toEqual({ ok: false, reason: 'no_role' });
    },
  );

  test.each([undefined, 7, '', 'a|b', 'a b'])('with the id %j cannot be used', (sub) => {
    expect(readStaffClaims({ sub, realm_access: { roles: ['it'] } }, mapping)).toEqual({
      ok: false,
      reason: 'no_user_id',
    });
  });
});
