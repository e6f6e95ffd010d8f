import type { Kysely } from 'kysely';

/** How a violation was reported first, and its time as reported the other way. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const column of ['source', 'counterpart_at']) {
    await db.schema.alterTable('exam_violations').addColumn(column, 'text').execute();
  }
};
