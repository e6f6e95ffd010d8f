import type { Hello } from '@invigil/protocol/channels';
import { Router } from 'express';
import type { Request } from 'express';
import type { UsageBudget } from '../../budget/usage-budget.ts';
import { monotonicMs } from '../../time/monotonic-time.ts';
import type { ConnectionLimits } from '../../config/connection-limits.ts';
import type { FallbackConnections } from '../../sessions/fallback-connections.ts';
import type { PhoneCameras } from '../../sessions/phone-cameras.ts';
import type { SessionIntake } from '../../sessions/session-intake.ts';
import type { Session } from '../../model/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { loadSessionById } from '../middleware/load-session.ts';
import { readBody } from '../middleware/read-body.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { idOf } from '../schemas/request-id.ts';

export interface FallbackRouterOptions {
  sessions: Sessions;
  intake: SessionIntake;
  fallbackConnections: FallbackConnections;
  authorizer: Authorizer;
  limits: ConnectionLimits;
  budget: UsageBudget;
  cameras: Pick<PhoneCameras, 'connected' | 'heard'>;
  now: () => number;
}

/** Far longer than a request waits, and than clocks of replicas differ. */
const endedAgoMs = 30_000;

/**
 * `POST /api/v1/session/ws/fallback`, for networks that block sockets: the session channel's messages with an added `session_id`. The
 * documented single-frame formats are answered with 202, our own messages with 200 and the messages that the socket would have
 * sent.
 */
export const fallbackRouter = (options: FallbackRouterOptions): Router => {
  const { limits, budget } = options;
  const bytesOf = new WeakMap<Request, number>();
  const body = readBody(options.authorizer, {
    limit: limits.messageBytes,
    anyType: true,
    onRead: (request, bytes) => void bytesOf.set(request, bytes),
  });
  const router = Router();
  router.post('/ws/fallback', body, async (request, response) => {
    const arrivedMs = monotonicMs();
    const message: Record<string, unknown> = request.body ?? {};
    const sessionId = idOf(message['session_id'], 'session_id');
    const load = loadSessionById(options.sessions, options.authorizer, request, 'session.send', sessionId);
    const { session, principal } = await load;
    const bytes = bytesOf.get(request) ?? 0;
    spend(budget, limits, sessionId, bytes);
    const { fallbackConnections, intake, cameras } = options;
    // A page that is being closed marks its last batch.
    if (message['leaving'] === true) fallbackConnections.disconnect(sessionId);
    else if (session.status === 'running') fallbackConnections.onRequest(session);
    const onHello = async (hello: Hello): Promise<void> => {
      await cameras.connected(sessionId, principal);
      fallbackConnections.onHello(sessionId, hello);
    };
    const { answers, outcome } = hasEndedBefore(session, options.now())
      ? intake.ended(sessionId)
      : await intake.take(sessionId, message, { onHello, bytes, waitedMs: monotonicMs() - arrivedMs });
    if (outcome === 'accepted') await cameras.heard(principal);
    if (outcome === 'ended') fallbackConnections.disconnect(sessionId);
    if (isOurs(message['type'])) {
      response.json({ messages: [...answers, ...fallbackConnections.takePending(sessionId)] });
      return;
    }
    if (outcome === 'ended') throw new HttpProblem('SESSION_ENDED', 'the session has ended');
    if (outcome === 'unavailable') {
      throw new HttpProblem('STORE_UNAVAILABLE', 'the frame could not be stored', { retryAfterSeconds: 2 });
    }
    const [error] = answers;
    if (error?.type === 'error') {
      throw new HttpProblem(error.code, error.message, error.field === undefined ? {} : { field: error.field });
    }
    response.status(202).json({ status: 'accepted', session_id: sessionId });
  });
  return router;
};

/** Whether the session ended before the request arrived. In doubt the frame store decides. */
const hasEndedBefore = ({ endedAt }: Session, nowMs: number): boolean =>
  endedAt !== null && nowMs - Date.parse(endedAt) > endedAgoMs;

/** Shares the rate limit of the session's sockets. */
const spend = (budget: UsageBudget, limits: ConnectionLimits, sessionId: string, bytes: number): void => {
  const rate = budget.messageRate('session', sessionId, limits);
  if (rate.take(bytes, monotonicMs())) return;
  budget.refused('messages');
  throw new HttpProblem('RATE_EXCEEDED', 'too many messages or bytes for this session', {
    retryAfterSeconds: Math.max(1, Math.ceil(rate.waitMs(bytes) / 1000)),
  });
};

const ourTypes: ReadonlySet<string> = new Set(['batch', 'hello', 'losses', 'ping', 'picture']);
const isOurs = (type: unknown): boolean => typeof type === 'string' && ourTypes.has(type);
