import type { Kysely } from 'kysely';

/** What the replicas of one deployment share and nobody configured. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
};
