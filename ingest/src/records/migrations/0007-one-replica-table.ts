import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * Presence and attendance used to keep separate tables of living replicas. Replicas of the older version count as alive
 * until they time out.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`insert into replicas (replica_id, seen_at) select replica_id, seen_at from exam_replicas where true on conflict do nothing`.execute(
    db,
  );
  await db.schema.dropTable('exam_replicas').execute();
};
