import type { Request } from 'express';
import type { Action } from '../../auth/access-table.ts';
import { targetOf } from '../../auth/access.ts';
import type { Principal } from '../../model/principal.ts';
import type { Session } from '../../model/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { Authorizer } from './authorize.ts';
import { HttpProblem } from './answer-problems.ts';
import { idOf } from './request-identity.ts';

export type LoadSession = (request: Request, action: Action) => Promise<{ session: Session; principal: Principal }>;

/** The session that `:sessionId` names, for somebody whom the access table lets do this with it. */
export const loadSession =
  (sessions: Sessions, authorizer: Authorizer): LoadSession =>
  async (request, action) => {
    const sessionId = idOf(request.params['sessionId'], 'session_id');
    const principal = await authorizer.identify(request);
    // Looking makes nothing; asking for something to be done is a first use.
    const session = request.method === 'GET' ? await sessions.find(sessionId) : await sessions.open(sessionId);
    if (session === null) throw new HttpProblem('SESSION_NOT_FOUND', 'there is no session with this id');
    await authorizer.check(principal, action, targetOf(session));
    return { session, principal };
  };
