import type { Kysely } from 'kysely';

export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('alerts')
    .addColumn('alert_id', 'text', (column) => column.primaryKey())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('exam_id', 'text')
    .addColumn('member_id', 'text')
    .addColumn('observation', 'text', (column) => column.notNull())
    .addColumn('raised_at', 'text', (column) => column.notNull())
    .addColumn('escalate_at', 'text', (column) => column.notNull())
    .addColumn('escalated_at', 'text')
    .addColumn('acknowledged_by', 'text')
    .addColumn('acknowledged_at', 'text')
    .execute();
  await db.schema.createIndex('alerts_open').on('alerts').columns(['acknowledged_at', 'exam_id']).execute();
  await db.schema.createIndex('alerts_by_session').on('alerts').column('session_id').execute();
};
