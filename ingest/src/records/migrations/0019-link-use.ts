import type { Kysely } from 'kysely';

/** Who created a personal link, and when a link of the student was first used. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const column of ['created_by', 'first_used_at']) {
    await db.schema.alterTable('exam_links').addColumn(column, 'text').execute();
  }
};
