import type { Kysely } from 'kysely';

/** Extra time of single students, and what became of an acknowledged alert. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('exam_students')
    .addColumn('extra_minutes', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  for (const column of ['outcome', 'note']) {
    await db.schema.alterTable('alerts').addColumn(column, 'text').execute();
  }
};
