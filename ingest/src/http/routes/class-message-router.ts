import { ClassMessageSchema } from '@invigil/protocol/channels';
import { Router } from 'express';
import { examTarget } from '../../auth/access.ts';
import type { SessionRecords } from '../../records/session-records.ts';
import type { SessionGuidance } from '../../sessions/session-guidance.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { readBody } from '../middleware/read-body.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { idOf } from '../schemas/request-id.ts';

export interface ClassMessageRouterOptions {
  authorizer: Authorizer;
  sessions: Pick<SessionRecords, 'runningOfExam'>;
  guidance: Pick<SessionGuidance, 'sendToMany'>;
  messageBytes: number;
}

/** `POST /api/v1/exams/{exam_id}/messages`: the same message to many students. */
export const classMessageRouter = (options: ClassMessageRouterOptions): Router => {
  const { authorizer, sessions, guidance, messageBytes } = options;
  const router = Router();
  router.post('/:examId/messages', readBody(authorizer, { limit: messageBytes }), async (request, response) => {
    const examId = idOf(request.params['examId'], 'exam_id');
    const { userId } = await authorizer.authorize(request, 'session.guide', examTarget(examId));
    const { text, student_ids: studentIds } = bodyOf(ClassMessageSchema, request);
    const running = await sessions.runningOfExam(examId, studentIds ?? null);
    await guidance.sendToMany(examId, running, userId, text);
    response.status(202).json({ sessions: running.length });
  });
  return router;
};
