import { CheckSchema, LinksSchema, StudentRequestSchema } from '@invigil/protocol/channels';
import { Router } from 'express';
import type { Request } from 'express';
import { examTarget } from '../../auth/access.ts';
import type { ExamLinks } from '../../exams/exam-links.ts';
import { examNotice } from '../../exams/exam-notice.ts';
import type { Exams } from '../../exams/exams.ts';
import type { ExamStudentRecords } from '../../records/exam-student-records.ts';
import type { LtiAttemptRecords } from '../../records/lti-attempt-records.ts';
import type { StudentRequests } from '../../exams/student-requests.ts';
import { actingStudentOf } from '../middleware/acting-student.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { readBody } from '../middleware/read-body.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { idOf } from '../schemas/request-id.ts';

export interface ExamStudentRouterOptions {
  exams: Exams;
  students: Pick<ExamStudentRecords, 'find'>;
  /** The student's attempt at an assessment of a learning platform. */
  attempts: Pick<LtiAttemptRecords, 'current'>;
  links: ExamLinks;
  requests: StudentRequests;
  authorizer: Authorizer;
  messageBytes: number;
  now: () => number;
}

/** `/api/v1/exams/{exam_id}/…`: the notice, personal links, camera checks and students' requests. */
export const examStudentRouter = (options: ExamStudentRouterOptions): Router => {
  const { exams, students, attempts, links, requests, authorizer, messageBytes, now } = options;
  const router = Router();
  const body = readBody(authorizer, { limit: messageBytes });

  const manage = async (request: Request): Promise<{ examId: string; userId: string }> => {
    const examId = idOf(request.params['examId'], 'exam_id');
    const { userId } = await authorizer.authorize(request, 'exam.manage', examTarget(examId));
    return { examId, userId };
  };

  router.get('/:examId/notice', async (request, response) => {
    const examId = idOf(request.params['examId'], 'exam_id');
    const { userId } = await authorizer.authorize(request, 'exam.attend', examTarget(examId));
    const student = await students.find(examId, userId);
    const hasAssessment = (await attempts.current(examId, userId)) !== null;
    response.json(examNotice(await exams.get(examId), student?.extraMinutes ?? 0, hasAssessment, now()));
  });

  router.get('/:examId/links', async (request, response) => {
    const { examId, userId } = await manage(request);
    response.json({ links: await links.list(examId, userId) });
  });

  router.post('/:examId/links', body, async (request, response) => {
    const { examId, userId } = await manage(request);
    await links.create(examId, bodyOf(LinksSchema, request), userId);
    response.status(201).json({ links: await links.list(examId, userId) });
  });

  router.delete('/:examId/links/:studentId', async (request, response) => {
    const { examId, userId } = await manage(request);
    await links.revoke(examId, idOf(request.params['studentId'], 'student_id'), userId);
    response.status(204).end();
  });

  router.put('/:examId/check', body, async (request, response) => {
    const { examId, studentId } = await actingStudentOf(authorizer, request);
    const { items, calibrated } = bodyOf(CheckSchema, request);
    response.json({ checked_at: await requests.check(examId, studentId, { items, calibrated }) });
  });

  router.post('/:examId/requests', body, async (request, response) => {
    const { examId, studentId } = await actingStudentOf(authorizer, request);
    const { requestId, at } = await requests.ask(examId, studentId, bodyOf(StudentRequestSchema, request));
    response.status(201).json({ request_id: requestId, at });
  });

  router.post('/:examId/requests/:requestId/done', async (request, response) => {
    const { examId, userId } = await manage(request);
    await requests.finish(examId, idOf(request.params['requestId'], 'request_id'), userId);
    response.status(204).end();
  });

  return router;
};
