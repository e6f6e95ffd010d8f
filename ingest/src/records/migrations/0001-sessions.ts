import type { Kysely } from 'kysely';

export const up = async (db: Kysely<unknown>, isPostgres: boolean): Promise<void> => {
  await db.schema
    .createTable('sessions')
    .addColumn('session_id', 'text', (column) => column.primaryKey())
    .addColumn('exam_id', 'text')
    .addColumn('member_id', 'text')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('end_claim', 'text')
    .addColumn('end_claim_until', 'text')
    .addColumn('frames_cleared_at', 'text')
    .execute();
  await db.schema.createIndex('sessions_by_status').on('sessions').columns(['status', 'started_at']).execute();
  await db.schema.createIndex('sessions_by_exam').on('sessions').columns(['exam_id', 'member_id']).execute();
  await db.schema
    .createTable('exams')
    .addColumn('exam_id', 'text', (column) => column.primaryKey())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('exam_analyses')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('exam_id', 'text')
    .addColumn('member_id', 'text')
    .addColumn('rules_version', 'text', (column) => column.notNull())
    .addColumn('report', 'text', (column) => column.notNull())
    .addColumn('dump_file', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('exam_analyses_key', ['session_id', 'version'])
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('audit_id', isPostgres ? 'serial' : 'integer', (column) =>
      isPostgres ? column.primaryKey() : column.primaryKey().autoIncrement(),
    )
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text')
    .execute();
};
