import type { Kysely } from 'kysely';

/** Frames that arrived before their session's end, but could no longer be stored. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('sessions')
    .addColumn('frames_refused', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
};
