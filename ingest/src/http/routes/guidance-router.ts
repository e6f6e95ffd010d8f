import { Router } from 'express';
import type { Request } from 'express';
import { BreakRequestSchema, FlagRequestSchema, MessageRequestSchema } from '@invigil/protocol/channels';
import type { Principal } from '../../model/principal.ts';
import type { SessionGuidance } from '../../sessions/session-guidance.ts';
import type { Session } from '../../model/session.ts';
import { readBody } from '../middleware/read-body.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { bodyOf } from '../schemas/request-body.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import type { LoadSession } from '../middleware/load-session.ts';

export interface GuidanceRouterOptions {
  authorizer: Authorizer;
  find: LoadSession;
  guidance: SessionGuidance;
  messageBytes: number;
}

/** `/api/v1/session/{id}/messages`, `/break` and `/flags`: a proctor's actions for one student while the session runs. */
export const guidanceRouter = ({ authorizer, find, guidance, messageBytes }: GuidanceRouterOptions): Router => {
  const router = Router();
  const body = readBody(authorizer, { limit: messageBytes });

  const findRunning = async (request: Request): Promise<{ session: Session; principal: Principal }> => {
    const found = await find(request, 'session.guide');
    if (found.session.status === 'running') return found;
    throw new HttpProblem('WRONG_STATUS', 'the session has ended');
  };

  router.post('/:sessionId/messages', body, async (request, response) => {
    const { session, principal } = await findRunning(request);
    const { text } = bodyOf(MessageRequestSchema, request);
    const { messageId } = await guidance.send(session, principal.userId, text);
    response.status(202).json({ message_id: messageId });
  });

  router.post('/:sessionId/break', body, async (request, response) => {
    const { session, principal } = await findRunning(request);
    const { action } = bodyOf(BreakRequestSchema, request);
    if (!(await guidance.mayBreak(session))) throw new HttpProblem('WRONG_STATUS', 'this exam does not allow breaks');
    await guidance.askBreak(session, principal.userId, action);
    response.status(202).json({ action });
  });

  router.post('/:sessionId/flags', body, async (request, response) => {
    const { session, principal } = await findRunning(request);
    const { note } = bodyOf(FlagRequestSchema, request);
    await guidance.flag(session, principal.userId, note);
    response.status(201).json({ note });
  });

  return router;
};
