import type { Kysely } from 'kysely';

/** When the session's student was first seen in Safe Exam Browser with an accepted configuration. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('sessions').addColumn('browser_verified_at', 'text').execute();
};
