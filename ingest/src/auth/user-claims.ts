import type { JWTPayload } from 'jose';
import { isId } from '@invigil/protocol/frame';
import { roles } from '../model/principal.ts';
import type { Principal } from '../model/principal.ts';
import { expiryOf } from './token-times.ts';

/** The user of a token, or the claim that makes the token unusable and why. */
export type UserClaims = { ok: true; principal: Principal } | { ok: false; claim: string; reason: string };

const idRule = 'must be an id: letters, digits and _ - . ~ @ only';

/**
 * Reads `{user_id, role}`, or `{sub, role}` without `user_id`. If there is a `user_id`, `sub` is ignored, because identity providers use
 * characters in it (`auth0|…`) that ids here cannot have.
 */
export const readUserClaims = (payload: JWTPayload, nowMs: number): UserClaims => {
  const { user_id: named, sub, role: claimedRole } = payload;
  const [claim, userId] = named === undefined ? (['sub', sub] as const) : (['user_id', named] as const);
  if (userId === undefined) return { ok: false, claim: 'user_id', reason: 'is missing, and so is sub' };
  if (!isId(userId)) {
    const hint = claim === 'sub' ? '; add a user_id that is one' : '';
    return { ok: false, claim, reason: `${idRule}${hint}` };
  }
  const role = roles.find((known) => known === claimedRole);
  if (role === undefined) {
    const allowed = `must be one of ${roles.join(', ')}`;
    return { ok: false, claim: 'role', reason: claimedRole === undefined ? `is missing; it ${allowed}` : allowed };
  }
  const { iat } = payload;
  const times = {
    expiresAtMs: expiryOf(payload, nowMs),
    ...(typeof iat === 'number' ? { issuedAtMs: iat * 1000 } : {}),
  };
  return { ok: true, principal: { userId, role, sessionId: null, examId: null, ...times } };
};
