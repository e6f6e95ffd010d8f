import { Router, json } from 'express';
import type { Request } from 'express';
import * as v from 'valibot';
import { AccommodationSchema } from '@invigil/protocol/rules';
import { examTarget } from '../../auth/access.ts';
import type { AccommodationRecords } from '../../records/accommodation-records.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { idOf } from '../middleware/request-identity.ts';

export interface AccommodationRouterOptions {
  records: AccommodationRecords;
  authorizer: Authorizer;
  messageBytes: number;
  now: () => number;
}

export const AccommodationsSchema = v.object({
  accommodations: v.pipe(v.array(AccommodationSchema), v.maxLength(20)),
});

/** `/api/v1/exams/{exam_id}/accommodations/{member_id}` */
export const accommodationRouter = (options: AccommodationRouterOptions): Router => {
  const { records, authorizer, messageBytes, now } = options;
  const router = Router();
  const path = '/:examId/accommodations/:memberId';

  const ask = async (request: Request) => {
    const examId = idOf(request.params['examId'], 'exam_id');
    const memberId = idOf(request.params['memberId'], 'member_id');
    const { userId } = await authorizer.demand(request, 'accommodations.set', examTarget(examId));
    return { examId, memberId, userId };
  };

  router.get(path, async (request, response) => {
    const { examId, memberId } = await ask(request);
    response.json({ accommodations: await records.of(examId, memberId) });
  });

  router.put(path, json({ limit: messageBytes }), async (request, response) => {
    const { examId, memberId, userId } = await ask(request);
    const { accommodations } = bodyOf(AccommodationsSchema, request);
    await records.set(examId, memberId, accommodations, { actor: userId, at: new Date(now()).toISOString() });
    response.json({ accommodations });
  });

  return router;
};
