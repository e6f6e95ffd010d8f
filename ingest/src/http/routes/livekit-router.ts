import { Router } from 'express';
import { AccessToken } from 'livekit-server-sdk';
import type { Config } from '../../config.ts';
import type { ExamMembers } from '../../exams/exam-members.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { accessDenied } from '../middleware/authorize.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { idOf } from '../schemas/request-id.ts';

export interface LivekitRouterOptions {
  livekit: Config['livekit'];
  lifetimeSeconds: number;
  authorizer: Authorizer;
  members: ExamMembers;
  /** False with AUTH=dev, where sessions need no exam. */
  needsMembership: boolean;
}

const maxNameLength = 200;

/**
 * `GET /api/v1/webrtc/livekit/token?exam_id=…&member_id=…&name=…`: a token for the exam's video room. Only members of the exam get one,
 * under the name that the exam's records give them; students may publish audio and video, but neither watch nor send data messages. `name` is used for members without a recorded name
 * when an admin asks.
 */
export const livekitRouter = ({
  livekit,
  lifetimeSeconds,
  authorizer,
  members,
  needsMembership,
}: LivekitRouterOptions): Router => {
  const router = Router();
  router.get('/livekit/token', async (request, response) => {
    const principal = await authorizer.identify(request);
    const examId = idOf(request.query['exam_id'], 'exam_id');
    const memberId = idOf(request.query['member_id'], 'member_id');
    await authorizer.requireAccess(principal, 'livekit.join', { examId, memberId, sessionId: null });
    const isAdmin = principal.role === 'ADMIN';
    if (!isAdmin && memberId !== principal.userId) throw accessDenied();
    const requestedName = nameOf(request.query['name']);
    if (livekit === null) {
      throw new HttpProblem(
        'NOT_CONFIGURED',
        'LiveKit is not configured: set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET',
      );
    }
    const guest = needsMembership ? null : ({ role: 'student', name: null } as const);
    const member = (await members.find(examId, memberId)) ?? guest;
    if (member === null) throw new HttpProblem('NOT_FOUND', 'the exam has no such member', { field: 'member_id' });
    const name = member.name ?? (isAdmin ? requestedName : null) ?? memberId;
    const token = new AccessToken(livekit.apiKey, livekit.apiSecret, {
      identity: memberId,
      name,
      ttl: lifetimeSeconds,
    });
    const isTeacher = member.role === 'teacher';
    // Subscribing concerns tracks only. By data messages students could exchange answers.
    token.addGrant({
      roomJoin: true,
      room: examId,
      canPublish: true,
      canPublishData: isTeacher,
      canSubscribe: isTeacher,
    });
    response.json({ token: await token.toJwt(), url: livekit.url, room: examId, identity: memberId, name });
  });
  return router;
};

const nameOf = (value: unknown): string | null => {
  if (value === undefined) return null;
  if (typeof value === 'string' && value.length <= maxNameLength) return value;
  throw new HttpProblem('INVALID_MESSAGE', `must be text of at most ${maxNameLength} characters`, { field: 'name' });
};
