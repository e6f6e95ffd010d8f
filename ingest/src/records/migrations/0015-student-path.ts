import type { Kysely } from 'kysely';

/** Personal links, students' requests, and the camera check before the exam. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const column of ['checked_at', 'check_results']) {
    await db.schema.alterTable('exam_students').addColumn(column, 'text').execute();
  }
  await db.schema
    .createTable('exam_links')
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('student_id', 'text', (column) => column.notNull())
    .addColumn('link_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'text')
    .addPrimaryKeyConstraint('exam_links_key', ['exam_id', 'student_id'])
    .execute();
  await db.schema.createIndex('exam_links_by_student').on('exam_links').column('student_id').execute();
  await db.schema
    .createTable('student_requests')
    .addColumn('request_id', 'text', (column) => column.primaryKey())
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('student_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('text', 'text')
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('done_at', 'text')
    .addColumn('done_by', 'text')
    .execute();
  await db.schema
    .createIndex('student_requests_by_exam')
    .on('student_requests')
    .columns(['exam_id', 'student_id'])
    .execute();
  await db.schema.createIndex('student_requests_by_student').on('student_requests').column('student_id').execute();
};
