import { Router } from 'express';
import type { Request } from 'express';
import { examTarget } from '../../auth/access.ts';
import type { AccommodationRecords } from '../../records/accommodation-records.ts';
import { isoTime } from '../../time/iso-time.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { AccommodationsSchema } from '../schemas/accommodations.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { readBody } from '../middleware/read-body.ts';
import { idOf } from '../schemas/request-id.ts';

export interface AccommodationRouterOptions {
  records: AccommodationRecords;
  authorizer: Authorizer;
  messageBytes: number;
  now: () => number;
}

/** `/api/v1/exams/{exam_id}/accommodations` and `…/accommodations/{member_id}` */
export const accommodationRouter = (options: AccommodationRouterOptions): Router => {
  const { records, authorizer, messageBytes, now } = options;
  const router = Router();
  const path = '/:examId/accommodations/:memberId';

  const authorizeRequest = async (request: Request) => {
    const examId = idOf(request.params['examId'], 'exam_id');
    const memberId = idOf(request.params['memberId'], 'member_id');
    const { userId } = await authorizer.authorize(request, 'accommodations.set', examTarget(examId));
    return { examId, memberId, userId };
  };

  router.get('/:examId/accommodations', async (request, response) => {
    const examId = idOf(request.params['examId'], 'exam_id');
    await authorizer.authorize(request, 'accommodations.set', examTarget(examId));
    const students = await records.ofExam(examId);
    response.json({
      students: students.map(({ memberId, accommodations }) => ({ student_id: memberId, accommodations })),
    });
  });

  router.get(path, async (request, response) => {
    const { examId, memberId } = await authorizeRequest(request);
    response.json({ accommodations: await records.of(examId, memberId) });
  });

  router.put(path, readBody(authorizer, { limit: messageBytes }), async (request, response) => {
    const { examId, memberId, userId } = await authorizeRequest(request);
    const { accommodations } = bodyOf(AccommodationsSchema, request);
    await records.set(examId, memberId, accommodations, { actor: userId, at: isoTime(now()) });
    response.json({ accommodations });
  });

  return router;
};
