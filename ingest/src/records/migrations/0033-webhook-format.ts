import type { Kysely } from 'kysely';

/** The format of a delivery's body. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('webhook_deliveries')
    .addColumn('format', 'text', (column) => column.notNull().defaultTo('invigil'))
    .execute();
};
