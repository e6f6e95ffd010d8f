import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/**
 * One running session per student and exam, which the database guarantees: `is_current` is 1 while it runs and null afterwards, and a
 * unique index ignores nulls. `frames_nonce` and `frames_gone` reveal that a frame store lost a session's frames and restarted its chain.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('sessions').addColumn('is_current', 'integer').execute();
  await db.schema.alterTable('sessions').addColumn('frames_nonce', 'text').execute();
  await db.schema
    .alterTable('sessions')
    .addColumn('frames_gone', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  // Earlier servers could start several at once; keep the newest current, because a start returns it.
  await sql`
    update sessions set is_current = 1 where session_id in (
      select session_id from (
        select session_id, row_number() over (partition by exam_id, member_id order by started_at desc, session_id desc) as place
        from sessions where status = 'running' and exam_id is not null and member_id is not null
      ) as ranked where place = 1
    )`.execute(db);
  await db.schema
    .createIndex('sessions_one_running')
    .unique()
    .on('sessions')
    .columns(['exam_id', 'member_id', 'is_current'])
    .execute();
};
