import type { Request } from 'express';
import type { Action } from '../../auth/access-table.ts';
import { targetOf } from '../../auth/access.ts';
import type { Principal } from '../../model/principal.ts';
import type { Session } from '../../model/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { idOf } from '../schemas/request-id.ts';
import type { Authorizer } from './authorize.ts';

export interface LoadedSession {
  session: Session;
  principal: Principal;
}

/** The documented `curl` examples use it. With AUTH=dev they work as printed, in any order. */
const exampleSessionId = 'demo_session';

/** The session in the path (`:sessionId`), once the access table allows the action on it. */
export type LoadSession = (request: Request, action: Action) => Promise<LoadedSession>;

export const loadSession =
  (sessions: Sessions, authorizer: Authorizer): LoadSession =>
  async (request, action) => {
    const sessionId = idOf(request.params['sessionId'], 'session_id');
    return await loadSessionById(sessions, authorizer, request, action, sessionId);
  };

/** The same for a session id from another part of the request. */
export const loadSessionById = async (
  sessions: Sessions,
  authorizer: Authorizer,
  request: Request,
  action: Action,
  sessionId: string,
): Promise<LoadedSession> => {
  const principal = await authorizer.identify(request);
  // With AUTH=dev, frames create their session. Other requests must not: their session id may be mistyped.
  const mayCreate = action === 'session.send' || (request.method === 'POST' && sessionId === exampleSessionId);
  const session = mayCreate ? await sessions.open(sessionId) : await sessions.find(sessionId);
  if (session === null) throw new HttpProblem('SESSION_NOT_FOUND', 'there is no session with this id');
  await authorizer.requireAccess(principal, action, targetOf(session));
  return { session, principal };
};
