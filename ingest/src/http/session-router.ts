import { Router, json } from 'express';
import type { Request } from 'express';
import { analyzeRunning } from '../analysis/session-analysis.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { ownerOf } from '../auth/permissions.ts';
import type { Action } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import type { SessionTokens } from '../auth/session-tokens.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { AnalysisRecords } from '../records/analysis-records.ts';
import type { SessionEnding } from '../sessions/session-ending.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Throttle } from './throttle.ts';
import { HttpProblem } from './problem-answer.ts';
import { demand, idOf, principalOf } from './request-identity.ts';

export interface SessionRouterOptions {
  sessions: Sessions;
  ending: SessionEnding;
  frames: FrameStore;
  analyses: AnalysisRecords;
  tokens: SessionTokens;
  authenticator: Authenticator;
  /** At most one analysis a second for each session. */
  analyzeThrottle: Throttle;
  /** `ws://…` of this server as the client that asks sees it. */
  socketOrigin(request: Request): string;
  messageBytes: number;
  now: () => number;
}

/** `/api/v1/session/…` */
export const sessionRouter = (options: SessionRouterOptions): Router => {
  const { sessions, ending, frames, analyses, tokens, authenticator, now } = options;
  const router = Router();

  const find = async (request: Request, action: Action): Promise<{ session: Session; principal: Principal }> => {
    const sessionId = idOf(request.params['sessionId'], 'session_id');
    const principal = await principalOf(authenticator, request);
    const session = await sessions.open(sessionId);
    if (session === null) {
      // To somebody without the right to it, a session that exists looks like one that does not.
      throw new HttpProblem('SESSION_NOT_FOUND', 'there is no session with this id');
    }
    demand(principal, action, ownerOf(session));
    return { session, principal };
  };

  const report = async (session: Session): Promise<string> => {
    // `ending` has no report yet, and its frames may be half cleared: the end is a matter of a moment, so wait for it.
    if (session.status === 'ending') await ending.end(session, 'report');
    if (session.status !== 'running') {
      const kept = await analyses.latest(session.sessionId);
      if (kept !== null) return kept;
    }
    const waitMs = await options.analyzeThrottle.take(session.sessionId);
    if (waitMs !== null) {
      throw new HttpProblem('RATE_EXCEEDED', 'a session is analysed at most once a second', {
        retryAfterSeconds: Math.ceil(waitMs / 1000),
      });
    }
    return JSON.stringify(await analyzeRunning(frames, session, now()));
  };

  router.post('/start', json({ limit: options.messageBytes }), async (request, response) => {
    const principal = await principalOf(authenticator, request);
    const body: Record<string, unknown> = request.body ?? {};
    const examId = idOf(body['exam_id'], 'exam_id');
    const memberId = idOf(body['member_id'], 'member_id');
    demand(principal, 'session.start', { memberId, sessionId: null });
    const session = await sessions.start(examId, memberId, principal.userId);
    const { token, expiresAt } = await tokens.issue(session, now());
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
    });
  });

  router.post('/:sessionId/analyze', async (request, response) => {
    const { session } = await find(request, 'session.read');
    response.type('json').send(await report(session));
  });

  router.get('/:sessionId/report', async (request, response) => {
    const { session } = await find(request, 'session.read');
    response.type('json').send(await report(session));
  });

  router.post('/:sessionId/end', async (request, response) => {
    const { session, principal } = await find(request, 'session.end');
    await ending.end(session, principal.userId);
    response.status(204).end();
  });

  return router;
};
