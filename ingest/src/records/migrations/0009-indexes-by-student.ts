import type { Kysely } from 'kysely';

/** Finds a student's sessions and audit entries page by page, without reading those of other students. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.createIndex('sessions_by_member').on('sessions').columns(['member_id', 'session_id']).execute();
  await db.schema
    .createIndex('sessions_by_exam_and_start')
    .on('sessions')
    .columns(['exam_id', 'member_id', 'started_at'])
    .execute();
  await db.schema.createIndex('audit_by_actor').on('audit').column('actor').execute();
};
