import { ExamChangesSchema, ExtraTimeSchema } from '@invigil/protocol/channels';
import { Router } from 'express';
import type { Request } from 'express';
import { examTarget } from '../../auth/access.ts';
import { examBody } from '../../exams/exam-body.ts';
import { requireStatementUrl } from '../../exams/exam-policies.ts';
import type { ExamSetup } from '../../exams/exam-setup.ts';
import type { Exams } from '../../exams/exams.ts';
import type { ExtraTime } from '../../exams/extra-time.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { readBody } from '../middleware/read-body.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { idOf } from '../schemas/request-id.ts';

export interface ExamSetupRouterOptions {
  exams: Exams;
  setup: ExamSetup;
  extraTime: ExtraTime;
  authorizer: Authorizer;
  messageBytes: number;
  publicUrl: string | null;
}

/** `/api/v1/exams/{exam_id}`: changes to an exam after its creation. */
export const examSetupRouter = (options: ExamSetupRouterOptions): Router => {
  const { exams, setup, extraTime, authorizer, messageBytes, publicUrl } = options;
  const router = Router();
  const body = readBody(authorizer, { limit: messageBytes });

  const manage = async (request: Request): Promise<{ examId: string; userId: string }> => {
    const examId = idOf(request.params['examId'], 'exam_id');
    const { userId } = await authorizer.authorize(request, 'exam.manage', examTarget(examId));
    return { examId, userId };
  };

  router.patch('/:examId', body, async (request, response) => {
    const { examId, userId } = await manage(request);
    const changes = bodyOf(ExamChangesSchema, request);
    if (changes.policy !== undefined) requireStatementUrl(changes.policy, publicUrl);
    const exam = await setup.change(examId, changes, userId);
    response.json({ ...examBody(exam), teachers: await exams.teachersOf(examId) });
  });

  router.delete('/:examId', async (request, response) => {
    const { examId, userId } = await manage(request);
    await setup.delete(examId, userId);
    response.status(204).end();
  });

  router.delete('/:examId/enrolments/:studentId', async (request, response) => {
    const { examId, userId } = await manage(request);
    await setup.removeStudent(examId, idOf(request.params['studentId'], 'student_id'), userId);
    response.status(204).end();
  });

  router.post('/:examId/extra-time', body, async (request, response) => {
    const { examId, userId } = await manage(request);
    const students = await extraTime.give(examId, bodyOf(ExtraTimeSchema, request), userId);
    response.json({ students });
  });

  return router;
};
