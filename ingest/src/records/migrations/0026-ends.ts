import type { Kysely } from 'kysely';

/** When an alert's observation ended, requests for extra time by their id, and expired launches by their time. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('alerts').addColumn('ended_after_ms', 'integer').execute();
  await db.schema
    .createTable('extra_time_requests')
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('students', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('extra_time_requests_key', ['exam_id', 'request_id'])
    .execute();
  await db.schema.createIndex('lti_states_by_expiry').on('lti_states').column('expires_at').execute();
  // These entries named students. They are kept after a student is erased.
  const audit = db as Kysely<{ audit: { action: string; detail: string | null } }>;
  await audit.updateTable('audit').set({ detail: null }).where('action', '=', 'exam.extra_time').execute();
};
