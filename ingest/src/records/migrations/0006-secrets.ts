import type { Kysely } from 'kysely';

/** Secrets that the replicas of one deployment share and that were generated, not configured. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
};
