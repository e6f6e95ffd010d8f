import { Router } from 'express';
import { AccessToken } from 'livekit-server-sdk';
import type { Config } from '../../config.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { idOf } from '../schemas/request-id.ts';

export interface LivekitRouterOptions {
  livekit: Config['livekit'];
  lifetimeSeconds: number;
  authorizer: Authorizer;
}

const maxNameLength = 200;

/** `GET /api/v1/webrtc/livekit/token?exam_id=…&member_id=…&name=…`: a token for the exam's room, for who wants video beside the numbers. */
export const livekitRouter = ({ livekit, lifetimeSeconds, authorizer }: LivekitRouterOptions): Router => {
  const router = Router();
  router.get('/livekit/token', async (request, response) => {
    const principal = await authorizer.identify(request);
    const examId = idOf(request.query['exam_id'], 'exam_id');
    const memberId = idOf(request.query['member_id'], 'member_id');
    await authorizer.requireAccess(principal, 'livekit.join', { examId, memberId, sessionId: null });
    const name = request.query['name'] ?? memberId;
    if (typeof name !== 'string' || name.length > maxNameLength) {
      throw new HttpProblem('INVALID_MESSAGE', `a text of at most ${maxNameLength} characters`, { field: 'name' });
    }
    if (livekit === null) {
      throw new HttpProblem(
        'NOT_CONFIGURED',
        'LiveKit is not configured: set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET',
      );
    }
    const token = new AccessToken(livekit.apiKey, livekit.apiSecret, {
      identity: memberId,
      name,
      ttl: lifetimeSeconds,
    });
    token.addGrant({ roomJoin: true, room: examId });
    response.json({ token: await token.toJwt(), url: livekit.url, room: examId, identity: memberId, name });
  });
  return router;
};
