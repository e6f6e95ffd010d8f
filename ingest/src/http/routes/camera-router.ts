import type { ExamPolicy } from '@invigil/protocol/channels';
import { json, Router } from 'express';
import type { SessionTokens } from '../../auth/session-tokens.ts';
import type { NoticeOf } from '../../exams/exam-notice.ts';
import type { PhoneCameras } from '../../sessions/phone-cameras.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { LoadSession } from '../middleware/load-session.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { CameraJoinSchema } from '../schemas/camera-requests.ts';
import { bodyOf } from '../schemas/request-body.ts';

export interface CameraRouterOptions {
  cameras: PhoneCameras;
  sessions: Pick<Sessions, 'find'>;
  tokens: SessionTokens;
  find: LoadSession;
  policyOf: (examId: string | null) => Promise<ExamPolicy>;
  noticeOf: NoticeOf;
  now: () => number;
}

const maxBodyBytes = 1000;

/** A phone as the camera of a session: `/api/v1/session/{session_id}/camera…` for the computer, `/api/v1/camera/join` for the phone. */
export const cameraRouter = (options: CameraRouterOptions): Router => {
  const { cameras, sessions, tokens, find, policyOf, noticeOf, now } = options;
  const router = Router();

  router.post('/session/:sessionId/camera-link', async (request, response) => {
    const { session } = await find(request, 'camera.link');
    if (session.status !== 'running') throw new HttpProblem('SESSION_ENDED', 'the session has ended');
    if (!(await policyOf(session.examId)).phone_camera) {
      throw new HttpProblem('WRONG_STATUS', 'the exam’s policy does not allow a phone as the camera (phone_camera)');
    }
    const link = await cameras.createLink(session.sessionId);
    if (link === null) throw new HttpProblem('WRONG_STATUS', 'this session has had too many links for phones');
    response.status(201).json({ path: `/camera/#code=${link.code}`, expires_at: link.expiresAt });
  });

  router.get('/session/:sessionId/camera', async (request, response) => {
    const { session } = await find(request, 'camera.link');
    const { phone, expiresAt, seenAt } = await cameras.status(session.sessionId);
    response.json({ session_status: session.status, phone, expires_at: expiresAt, seen_at: seenAt });
  });

  router.post('/camera/join', json({ limit: maxBodyBytes }), async (request, response) => {
    const { code } = bodyOf(CameraJoinSchema, request);
    const link = await cameras.open(code);
    const session = link === null ? null : await sessions.find(link.sessionId);
    if (link === null || session === null) {
      const message = 'this link was used before, has expired, or does not exist; create a new one on the computer';
      throw new HttpProblem('NOT_FOUND', message, { field: 'code' });
    }
    if (session.status !== 'running') throw new HttpProblem('SESSION_ENDED', 'the session has ended');
    const { token, expiresAt } = await tokens.issue(session, now(), { mayAnswer: false, cameraLinkId: link.linkId });
    response.status(201).json({
      session_id: session.sessionId,
      token,
      token_expires_at: expiresAt,
      notice: await noticeOf(session),
    });
  });

  return router;
};
