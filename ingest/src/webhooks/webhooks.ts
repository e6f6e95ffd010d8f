import type { Logger } from 'pino';
import type { ExamPolicy, WebhookFormat } from '@invigil/protocol/channels';
import type { WebhookConfig } from '../config.ts';
import type { WebhookDelivery, WebhookRecords } from '../records/webhook-records.ts';
import { postWebhook } from './post-webhook.ts';
import { retryAfterMs } from './retry-schedule.ts';
import { webhookBodies } from './webhook-body.ts';
import type { WebhookEvent } from './webhook-event.ts';
import { webhookHeaders, webhookKeyFor } from './webhook-signature.ts';
import { xapiHeaders } from './xapi-statements.ts';
import { isoTime } from '../time/iso-time.ts';

export interface WebhooksOptions {
  /** Null: no webhooks are sent. */
  config: WebhookConfig | null;
  /** URL of this server without a trailing slash, for formats that name users and exams by URLs. */
  homePage: string;
  records: WebhookRecords;
  policyOf: (examId: string | null) => Promise<ExamPolicy | null>;
  log: Logger;
  now: () => number;
  random: () => number;
}

const lookEveryMs = 1000;
const atOnce = 10;
/** Longer than an attempt can take. If a replica dies during an attempt, another one continues after this time. */
const claimMs = 30_000;
/** Events pending while the records are unavailable. */
const maxUnqueued = 10_000;

/**
 * Sends webhooks to other systems. An event is recorded before it is sent, and stays recorded until it has arrived.
 */
export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #timer: NodeJS.Timeout | null;
  readonly #queueing = new Set<Promise<void>>();
  #unqueued: WebhookEvent[] = [];
  #sending: Promise<void> | null = null;
  #closed = false;

  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.#timer = options.config === null ? null : setInterval(() => this.#look(), lookEveryMs).unref();
  }

  /** Queues the event for each configured address. An event that was queued before is not queued again. */
  enqueue(event: WebhookEvent): void {
    if (this.#options.config === null || this.#closed) return;
    const queueing = this.#queue(event)
      .catch((error: unknown) => this.#keep(event, error))
      .finally(() => this.#queueing.delete(queueing));
    this.#queueing.add(queueing);
  }

  /** Sends due deliveries. */
  send(): void {
    if (this.#closed) return;
    this.#sending ??= this.#sendDue()
      .catch((error: unknown) => this.#options.log.warn({ event: 'webhook.delayed', error }))
      .finally(() => (this.#sending = null));
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#closed = true;
    await Promise.allSettled(this.#queueing);
    for (const { id } of this.#unqueued) this.#options.log.error({ event: 'webhook.not_queued', webhook: id });
    await this.#sending;
  }

  #look(): void {
    for (const event of this.#unqueued.splice(0)) this.enqueue(event);
    this.send();
  }

  /** Retried, because an outage of the records must not lose an event. */
  #keep(event: WebhookEvent, error: unknown): void {
    if (!this.#closed && this.#unqueued.length < maxUnqueued) this.#unqueued.push(event);
    else this.#options.log.error({ event: 'webhook.not_queued', webhook: event.id, error });
  }

  async #queue(event: WebhookEvent): Promise<void> {
    const { config, policyOf } = this.#options;
    if (config === null) return;
    const { id, data } = event;
    if (config.url !== null) await this.#queueFor(event, config.format, { id, url: config.url, is_public_only: 0 });
    const policy = await policyOf(data.exam_id);
    if (policy?.webhook_url != null) {
      const address = { id: `${id}_exam`, url: policy.webhook_url, is_public_only: 1 };
      await this.#queueFor(event, policy.webhook_format, address);
    }
    this.send();
  }

  async #queueFor(
    event: WebhookEvent,
    format: WebhookFormat,
    { id, ...address }: { id: string; url: string; is_public_only: number },
  ): Promise<void> {
    const { homePage, records, now } = this.#options;
    const delivery = { event: event.type, session_id: event.data.session_id, exam_id: event.data.exam_id, format };
    for (const [at, body] of webhookBodies(event, format, homePage).entries()) {
      const deliveryId = at === 0 ? id : `${id}_${at + 1}`;
      await records.queue({ ...delivery, ...address, delivery_id: deliveryId, body, created_at: isoTime(now()) });
    }
  }

  async #sendDue(): Promise<void> {
    const { config, records, now } = this.#options;
    if (config === null) return;
    for (;;) {
      const nowMs = now();
      const due = await records.claimDue(isoTime(nowMs), isoTime(nowMs + claimMs), atOnce);
      await Promise.all(due.map((delivery) => this.#attempt(delivery, config.key)));
      if (due.length < atOnce || this.#closed) return;
    }
  }

  async #attempt(delivery: WebhookDelivery, key: Buffer): Promise<void> {
    const { records, now, random, log } = this.#options;
    const { delivery_id: id, url, body, attempts } = delivery;
    const ownKey = delivery.is_public_only === 1 ? webhookKeyFor(key, url) : key;
    const signature = webhookHeaders(ownKey, id, now(), body);
    const headers = delivery.format === 'xapi' ? { ...signature, ...xapiHeaders } : signature;
    const { status, error } = await postWebhook({ url, body, headers, isPublicOnly: delivery.is_public_only === 1 });
    // 410 Gone means that the receiver wants no further events.
    const waitMs = status === 410 || error === 'address_not_public' ? null : retryAfterMs(attempts, random());
    const outcome = error === null ? 'delivered' : waitMs === null ? 'failed' : 'pending';
    const response = { webhook: id, attempts, status, reason: error };
    if (outcome === 'pending') log.warn({ event: 'webhook.not_delivered', ...response });
    if (outcome === 'failed') log.error({ event: 'webhook.given_up', ...response });
    await records.finish(
      id,
      { status: outcome, next_attempt_at: isoTime(now() + (waitMs ?? 0)), last_status: status, last_error: error },
      isoTime(now()),
    );
  }
}
