import type { Kysely } from 'kysely';

/** How each session was observed at its last checkpoint, so that a proctor's page shows it after a reload. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const column of ['live_s', 'late_s', 'not_observed_s']) {
    await db.schema.alterTable('sessions').addColumn(column, 'double precision').execute();
  }
};
