import type { ExamPolicy } from '@invigil/protocol/channels';
import { Router } from 'express';
import type { Request } from 'express';
import * as v from 'valibot';
import type { SessionTokens } from '../../auth/session-tokens.ts';
import type { SessionAdmission } from '../../exams/session-admission.ts';
import type { SessionEnding } from '../../sessions/session-ending.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import type { BrowserGuard } from '../middleware/safe-exam-browser.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { readBody } from '../middleware/read-body.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { idOf } from '../schemas/request-id.ts';
import type { LoadSession } from '../middleware/load-session.ts';

export interface SessionRouterOptions {
  sessions: Sessions;
  ending: SessionEnding;
  tokens: SessionTokens;
  admission: SessionAdmission;
  authorizer: Authorizer;
  find: LoadSession;
  browser: BrowserGuard;
  /** The default policy for a session without an exam. */
  policyOf: (examId: string | null) => Promise<ExamPolicy>;
  /** `ws://…` of this server, as the requesting client reaches it. */
  socketOrigin(request: Request): string;
  messageBytes: number;
  now: () => number;
}

/** Its ids are checked one by one. */
const AnyObjectSchema = v.record(v.string(), v.unknown());

/** `/api/v1/session/…` */
export const sessionRouter = (options: SessionRouterOptions): Router => {
  const { sessions, ending, tokens, admission, authorizer, find, browser, now } = options;
  const router = Router();

  router.post('/start', readBody(authorizer, { limit: options.messageBytes }), async (request, response) => {
    const principal = await authorizer.identify(request);
    const body = bodyOf(AnyObjectSchema, request);
    const examId = idOf(body['exam_id'], 'exam_id');
    const memberId = idOf(body['member_id'], 'member_id');
    await authorizer.requireAccess(principal, 'session.start', { examId, memberId, sessionId: null });
    const isVerified = await browser.check(request, examId, principal);
    await admission.admit(examId, memberId, principal);
    const session = await sessions.start(examId, memberId, principal.userId);
    if (isVerified) await sessions.browserVerified(session.sessionId);
    const { token, expiresAt } = await tokens.issue(session, now(), { mayAnswer: principal.role !== 'TEACHER' });
    response.status(201).json({
      session_id: session.sessionId,
      exam_id: examId,
      member_id: memberId,
      started_at: session.startedAt,
      token,
      token_expires_at: expiresAt,
      ws_url: `${options.socketOrigin(request)}/api/v1/session/ws/${session.sessionId}`,
    });
  });

  router.get('/:sessionId', async (request, response) => {
    const { session } = await find(request, 'session.read');
    response.json({
      session_id: session.sessionId,
      exam_id: session.examId,
      member_id: session.memberId,
      status: session.status,
      started_at: session.startedAt,
      ended_at: session.endedAt,
      may_run_without: (await options.policyOf(session.examId)).may_run_without,
    });
  });

  router.post('/:sessionId/token', async (request, response) => {
    const { session, principal } = await find(request, 'session.start');
    await browser.check(request, session.examId, principal);
    if (session.status !== 'running')
      throw new HttpProblem('SESSION_ENDED', 'the session has ended and needs no new token');
    const { token, expiresAt } = await tokens.issue(session, now(), { mayAnswer: principal.role !== 'TEACHER' });
    response.json({ session_id: session.sessionId, token, token_expires_at: expiresAt });
  });

  router.post('/:sessionId/end', async (request, response) => {
    const { session, principal } = await find(request, 'session.end');
    await ending.end(session, principal.userId);
    response.status(204).end();
  });

  return router;
};
