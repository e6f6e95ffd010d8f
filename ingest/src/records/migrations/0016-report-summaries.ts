import type { Kysely } from 'kysely';

/** One row per reported session, and one per type of observation in it, so that an exam's reports can be sorted and paged. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('report_summaries')
    .addColumn('session_id', 'text', (column) => column.primaryKey())
    .addColumn('exam_id', 'text')
    .addColumn('member_id', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('rules_version', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('risk', 'double precision')
    .addColumn('duration_s', 'double precision')
    .addColumn('observed_s', 'double precision')
    .addColumn('live_s', 'double precision')
    .addColumn('late_s', 'double precision')
    .addColumn('coverage_share', 'double precision')
    .addColumn('observations', 'integer', (column) => column.notNull())
    .addColumn('violations', 'integer', (column) => column.notNull())
    .addColumn('contests', 'integer', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('outcome_by', 'text')
    .addColumn('outcome_at', 'text')
    .addColumn('other_outcome', 'text')
    .addColumn('other_by', 'text')
    .execute();
  await db.schema.createIndex('report_summaries_by_exam').on('report_summaries').columns(['exam_id', 'risk']).execute();
  await db.schema
    .createTable('report_types')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('exam_id', 'text')
    .addColumn('rules_version', 'text', (column) => column.notNull())
    .addColumn('observations', 'integer', (column) => column.notNull())
    .addColumn('seconds', 'double precision', (column) => column.notNull())
    .addColumn('confirmed', 'integer', (column) => column.notNull())
    .addColumn('dismissed', 'integer', (column) => column.notNull())
    .addColumn('unsure', 'integer', (column) => column.notNull())
    .addColumn('alerts', 'integer', (column) => column.notNull())
    .addColumn('alerts_confirmed', 'integer', (column) => column.notNull())
    .addColumn('alerts_dismissed', 'integer', (column) => column.notNull())
    .addColumn('alerts_unsure', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('report_types_key', ['session_id', 'type'])
    .execute();
  await db.schema
    .createIndex('report_types_by_exam')
    .on('report_types')
    .columns(['exam_id', 'rules_version'])
    .execute();
};
