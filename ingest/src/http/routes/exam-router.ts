import { EnrolmentsSchema, NewExamSchema } from '@invigil/protocol/channels';
import { Router } from 'express';
import type { ExamStep } from '../../model/exam-status.ts';
import type { Exams } from '../../exams/exams.ts';
import { examBody } from '../../exams/exam-body.ts';
import { requireStatementUrl } from '../../exams/exam-policies.ts';
import type { ExamStates } from '../../exams/exam-states.ts';
import { examTarget } from '../../auth/access.ts';
import { bodyOf } from '../schemas/request-body.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { readBody } from '../middleware/read-body.ts';
import { idOf } from '../schemas/request-id.ts';

export interface ExamRouterOptions {
  exams: Exams;
  states: ExamStates;
  authorizer: Authorizer;
  messageBytes: number;
  publicUrl: string | null;
}

const steps: readonly ExamStep[] = ['open', 'start', 'complete', 'cancel'];

/** `/api/v1/exams`: a teacher's actions on an exam, and its state for clients that reconnect. */
export const examRouter = ({ exams, states, authorizer, messageBytes, publicUrl }: ExamRouterOptions): Router => {
  const router = Router();
  const body = readBody(authorizer, { limit: messageBytes });

  router.post('/', body, async (request, response) => {
    const { userId } = await authorizer.authorize(request, 'exam.create', null);
    const wanted = bodyOf(NewExamSchema, request);
    requireStatementUrl(wanted.policy, publicUrl);
    const exam = await exams.create(wanted, userId);
    response
      .status(201)
      .location(`/api/v1/exams/${exam.examId}`)
      .json({ ...examBody(exam), teachers: await exams.teachersOf(exam.examId) });
  });

  router.get('/', async (request, response) => {
    const { userId, role } = await authorizer.authorize(request, 'exam.list', null);
    const listed = await exams.list(role === 'ADMIN' ? null : userId);
    response.json({ exams: listed.map(examBody) });
  });

  router.get('/:examId', async (request, response) => {
    const examId = idOf(request.params['examId'], 'exam_id');
    const principal = await authorizer.authorize(request, 'exam.attend', examTarget(examId));
    response.json(
      principal.role === 'STUDENT'
        ? await states.forStudent(examId, principal.userId)
        : await states.forTeacher(examId),
    );
  });

  router.post('/:examId/enrolments', body, async (request, response) => {
    const examId = idOf(request.params['examId'], 'exam_id');
    await authorizer.authorize(request, 'exam.manage', examTarget(examId));
    await exams.enrol(examId, bodyOf(EnrolmentsSchema, request));
    response.status(204).end();
  });

  for (const step of steps) {
    router.post(`/:examId/${step}`, async (request, response) => {
      const examId = idOf(request.params['examId'], 'exam_id');
      const { userId } = await authorizer.authorize(request, 'exam.manage', examTarget(examId));
      response.json(examBody(await exams.step(examId, step, userId)));
    });
  }

  return router;
};
