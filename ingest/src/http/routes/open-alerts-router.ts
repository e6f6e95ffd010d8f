import { Router } from 'express';
import { examTarget } from '../../auth/access.ts';
import { resultOf } from '../../model/alert.ts';
import type { OpenAlertRecords } from '../../records/open-alert-records.ts';
import { isoTime } from '../../time/iso-time.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { alertCursorOf, openAlertsQueryOf } from '../schemas/open-alerts.ts';
import { idOf } from '../schemas/request-id.ts';

export interface OpenAlertsRouterOptions {
  alerts: OpenAlertRecords;
  authorizer: Authorizer;
  now: () => number;
}

/** `GET /api/v1/exams/{exam_id}/alerts`: the exam's unacknowledged alerts, in pages. */
export const openAlertsRouter = ({ alerts, authorizer, now }: OpenAlertsRouterOptions): Router => {
  const router = Router();
  router.get('/:examId/alerts', async (request, response) => {
    const examId = idOf(request.params['examId'], 'exam_id');
    await authorizer.authorize(request, 'exam.manage', examTarget(examId));
    const { limit, after } = openAlertsQueryOf(request.query);
    const found = await alerts.page(examId, after?.asOf ?? isoTime(now()), after, limit + 1);
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    response.json({
      alerts: page.map(({ alert }) => ({ stream_id: alert.sessionId, result: resultOf(alert) })),
      next_cursor: last === undefined ? null : alertCursorOf(last.at),
    });
  });
  return router;
};
