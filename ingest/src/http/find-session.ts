import type { Request } from 'express';
import type { Authenticator } from '../auth/authenticator.ts';
import { ownerOf } from '../auth/permissions.ts';
import type { Action } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { HttpProblem } from './problem-answer.ts';
import { demand, idOf, principalOf } from './request-identity.ts';

export type FindSession = (request: Request, action: Action) => Promise<{ session: Session; principal: Principal }>;

/** The session that `:sessionId` names, for somebody who may do this with it. */
export const findSession =
  (sessions: Sessions, authenticator: Authenticator): FindSession =>
  async (request, action) => {
    const sessionId = idOf(request.params['sessionId'], 'session_id');
    const principal = await principalOf(authenticator, request);
    // Looking makes nothing; asking for something to be done is a first use.
    const session = request.method === 'GET' ? await sessions.find(sessionId) : await sessions.open(sessionId);
    if (session === null) throw new HttpProblem('SESSION_NOT_FOUND', 'there is no session with this id');
    demand(principal, action, ownerOf(session));
    return { session, principal };
  };
