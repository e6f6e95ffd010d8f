import type { Selectable } from 'kysely';
import type { RecordsDatabase } from './records-database.ts';
import type { WebhookDeliveriesTable } from './review-tables.ts';

export type WebhookDelivery = Selectable<WebhookDeliveriesTable>;

export type NewDelivery = Pick<
  WebhookDelivery,
  'delivery_id' | 'event' | 'session_id' | 'exam_id' | 'url' | 'is_public_only' | 'format' | 'body' | 'created_at'
>;

/** A delivery's state after an attempt. */
export type DeliveryResult = Pick<WebhookDelivery, 'status' | 'next_attempt_at' | 'last_status' | 'last_error'>;

/** The queue and the log of webhook deliveries, in one table. */
export class WebhookRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** False if this event was queued before. */
  queue(delivery: NewDelivery): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('webhook_deliveries')
        .values({
          ...delivery,
          status: 'pending',
          attempts: 0,
          next_attempt_at: delivery.created_at,
          last_status: null,
          last_error: null,
          delivered_at: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    });
  }

  /** Claims due deliveries, so that no other replica attempts them before `until`. */
  claimDue(now: string, until: string, limit: number): Promise<WebhookDelivery[]> {
    return this.#database.run(async (db) => {
      const due = await db
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('status', '=', 'pending')
        .where('next_attempt_at', '<=', now)
        .orderBy('next_attempt_at')
        .limit(limit)
        .execute();
      const claimed: WebhookDelivery[] = [];
      for (const delivery of due) {
        const { numUpdatedRows } = await db
          .updateTable('webhook_deliveries')
          .set({ next_attempt_at: until, attempts: delivery.attempts + 1 })
          .where('delivery_id', '=', delivery.delivery_id)
          .where('status', '=', 'pending')
          .where('attempts', '=', delivery.attempts)
          .where('next_attempt_at', '=', delivery.next_attempt_at)
          .executeTakeFirst();
        if (numUpdatedRows === 1n) claimed.push({ ...delivery, attempts: delivery.attempts + 1 });
      }
      return claimed;
    });
  }

  async finish(deliveryId: string, result: DeliveryResult, now: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('webhook_deliveries')
        .set({ ...result, delivered_at: result.status === 'delivered' ? now : null })
        .where('delivery_id', '=', deliveryId)
        .execute(),
    );
  }

  /** Restarts its attempts. False if the delivery does not exist. */
  retry(deliveryId: string, now: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('webhook_deliveries')
        .set({ status: 'pending', attempts: 0, next_attempt_at: now, delivered_at: null })
        .where('delivery_id', '=', deliveryId)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** Newest first. */
  list(status: WebhookDelivery['status'] | null, limit: number): Promise<WebhookDelivery[]> {
    return this.#database.run((db) => {
      let query = db.selectFrom('webhook_deliveries').selectAll();
      if (status !== null) query = query.where('status', '=', status);
      return query.orderBy('created_at', 'desc').orderBy('delivery_id').limit(limit).execute();
    });
  }
}
