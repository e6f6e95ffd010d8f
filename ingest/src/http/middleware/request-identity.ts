import type { Request } from 'express';
import { isId } from '@invigil/protocol/frame';
import { tokenOf } from '../../auth/authenticator.ts';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Principal } from '../../model/principal.ts';
import { HttpProblem } from './answer-problems.ts';

/** Who asks; a request without a good token is a problem. The token comes in the header alone: URLs end up in logs. */
export const principalOf = async (authenticator: Authenticator, request: Request): Promise<Principal> => {
  const principal = await authenticator.principalOf(tokenOf(request, null));
  if (principal === null) throw new HttpProblem('AUTH_FAILED', 'the token is missing, wrong or expired');
  return principal;
};

/** An identifier from outside, checked before it becomes a key, a path or a row. */
export const idOf = (value: unknown, field: string): string => {
  if (!isId(value))
    throw new HttpProblem('INVALID_MESSAGE', 'not an id: letters, digits and _ - . ~ @ only', { field });
  return value;
};
