import type { Request } from 'express';
import { isId } from '@invigil/protocol';
import { tokenOf } from '../auth/authenticator.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { isAllowed } from '../auth/permissions.ts';
import type { Action, Owner } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { HttpProblem } from './problem-answer.ts';

/** Who asks; a request without a good token is a problem. The token comes in the header alone: URLs end up in logs. */
export const principalOf = async (authenticator: Authenticator, request: Request): Promise<Principal> => {
  const principal = await authenticator.principalOf(tokenOf(request, null));
  if (principal === null) throw new HttpProblem('AUTH_FAILED', 'the token is missing, wrong or expired');
  return principal;
};

export const demand = (principal: Principal, action: Action, owner: Owner): void => {
  if (!isAllowed(principal, action, owner)) throw new HttpProblem('ACCESS_DENIED', 'this token does not allow that');
};

/** An identifier from outside, checked before it becomes a key, a path or a row. */
export const idOf = (value: unknown, field: string): string => {
  if (!isId(value))
    throw new HttpProblem('INVALID_MESSAGE', 'not an id: letters, digits and _ - . ~ @ only', { field });
  return value;
};
