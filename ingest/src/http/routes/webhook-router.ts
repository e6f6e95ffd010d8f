import { isId } from '@invigil/protocol/frame';
import { Router } from 'express';
import type { WebhookDelivery, WebhookRecords } from '../../records/webhook-records.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { withoutCredentials } from '../../model/webhook-url.ts';
import { isoTime } from '../../time/iso-time.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { deliveryStatusOf } from '../schemas/delivery-status.ts';

export interface WebhookRouterOptions {
  records: WebhookRecords;
  webhooks: Webhooks;
  authorizer: Authorizer;
  now: () => number;
}

const maxListed = 200;

/** Omits the body: the list shows whether a delivery arrived, and must not expose reports. */
const deliveryBody = (delivery: WebhookDelivery) => ({
  id: delivery.delivery_id,
  event: delivery.event,
  session_id: delivery.session_id,
  exam_id: delivery.exam_id,
  url: withoutCredentials(delivery.url),
  format: delivery.format,
  status: delivery.status,
  attempts: delivery.attempts,
  created_at: delivery.created_at,
  delivered_at: delivery.delivered_at,
  next_attempt_at: delivery.status === 'pending' ? delivery.next_attempt_at : null,
  last_status: delivery.last_status,
  last_error: delivery.last_error,
});

/** `/api/v1/webhooks/deliveries`: the webhook deliveries and whether they arrived. */
export const webhookRouter = ({ records, webhooks, authorizer, now }: WebhookRouterOptions): Router => {
  const router = Router();

  router.get('/deliveries', async (request, response) => {
    await authorizer.authorize(request, 'webhooks.read', null);
    const status = deliveryStatusOf(request.query['status']);
    const deliveries = await records.list(status, maxListed);
    response.json({ deliveries: deliveries.map(deliveryBody) });
  });

  router.post('/deliveries/:deliveryId/retry', async (request, response) => {
    await authorizer.authorize(request, 'webhooks.read', null);
    const { deliveryId } = request.params;
    const isKnown = isId(deliveryId) && (await records.retry(deliveryId, isoTime(now())));
    if (!isKnown) throw new HttpProblem('NOT_FOUND', 'there is no delivery with this id');
    webhooks.send();
    response.status(202).end();
  });

  return router;
};
