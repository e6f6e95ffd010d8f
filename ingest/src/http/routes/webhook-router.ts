import { isId } from '@invigil/protocol/frame';
import { Router } from 'express';
import type { WebhookDelivery, WebhookRecords } from '../../records/webhook-records.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { HttpProblem } from '../middleware/answer-problems.ts';

export interface WebhookRouterOptions {
  records: WebhookRecords;
  webhooks: Webhooks;
  authorizer: Authorizer;
  now: () => number;
}

export const DELIVERY_STATUSES = [
  'pending',
  'delivered',
  'failed',
] as const satisfies readonly WebhookDelivery['status'][];
const maxListed = 200;

/** Without the body: the log is for finding out what arrived, not for reading reports. */
const deliveryBody = (delivery: WebhookDelivery) => ({
  id: delivery.delivery_id,
  event: delivery.event,
  session_id: delivery.session_id,
  exam_id: delivery.exam_id,
  url: delivery.url,
  status: delivery.status,
  attempts: delivery.attempts,
  created_at: delivery.created_at,
  delivered_at: delivery.delivered_at,
  next_attempt_at: delivery.status === 'pending' ? delivery.next_attempt_at : null,
  last_status: delivery.last_status,
  last_error: delivery.last_error,
});

/** `/api/v1/webhooks/deliveries`: what was told to other systems, and whether it arrived. */
export const webhookRouter = ({ records, webhooks, authorizer, now }: WebhookRouterOptions): Router => {
  const router = Router();

  router.get('/deliveries', async (request, response) => {
    await authorizer.demand(request, 'webhooks.read', null);
    const asked = request.query['status'];
    const status = DELIVERY_STATUSES.find((known) => known === asked) ?? null;
    if (asked !== undefined && status === null) {
      throw new HttpProblem('INVALID_MESSAGE', `one of ${DELIVERY_STATUSES.join(', ')}`, { field: 'status' });
    }
    const deliveries = await records.list(status, maxListed);
    response.json({ deliveries: deliveries.map(deliveryBody) });
  });

  router.post('/deliveries/:deliveryId/retry', async (request, response) => {
    await authorizer.demand(request, 'webhooks.read', null);
    const { deliveryId } = request.params;
    const isKnown = isId(deliveryId) && (await records.retry(deliveryId, new Date(now()).toISOString()));
    if (!isKnown) throw new HttpProblem('NOT_FOUND', 'there is no such delivery');
    webhooks.send();
    response.status(202).end();
  });

  return router;
};
