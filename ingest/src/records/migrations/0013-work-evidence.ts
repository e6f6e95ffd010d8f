import type { Kysely } from 'kysely';

/** The frame chain's head at the hand-in, as for answers, and the time when an answer was first given while not observed. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('exam_students').addColumn('submitted_chain', 'text').execute();
  await db.schema.alterTable('exam_answers').addColumn('unobserved_at', 'text').execute();
};
