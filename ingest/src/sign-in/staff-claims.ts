import { isId } from '@invigil/protocol/frame';
import type { ClaimMapping } from '../config.ts';
import type { StaffSession } from '../model/staff-session.ts';

/** The user of the claims, or why they cannot be used here. */
export type StaffClaims =
  | { ok: true; userId: string; role: StaffSession['role'] }
  | { ok: false; reason: 'no_user_id' | 'no_role' };

type Claims = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Claims => typeof value === 'object' && value !== null;

/** A claim by its name, which may contain dots (`https://example.edu/roles`), or by a path of names. */
export const claimAt = (claims: Claims, name: string): unknown => {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (value, part) => (isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined),
      claims,
    );
};

const textsIn = (value: unknown): string[] => [value].flat().filter((each): each is string => typeof each === 'string');

export const readStaffClaims = (claims: Claims, mapping: ClaimMapping): StaffClaims => {
  const userId = claimAt(claims, mapping.userClaim);
  if (!isId(userId)) return { ok: false, reason: 'no_user_id' };
  const roles = textsIn(claimAt(claims, mapping.roleClaim));
  if (roles.some((role) => mapping.adminRoles.includes(role))) return { ok: true, userId, role: 'ADMIN' };
  if (roles.some((role) => mapping.teacherRoles.includes(role))) return { ok: true, userId, role: 'TEACHER' };
  return { ok: false, reason: 'no_role' };
};
