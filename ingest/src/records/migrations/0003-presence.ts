import type { Kysely } from 'kysely';

export const up = async (db: Kysely<unknown>, isPostgres: boolean): Promise<void> => {
  await db.schema
    .createTable('replicas')
    .addColumn('replica_id', 'text', (column) => column.primaryKey())
    .addColumn('seen_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('agent_sessions')
    .addColumn('sequence_id', isPostgres ? 'serial' : 'integer', (column) =>
      isPostgres ? column.primaryKey() : column.primaryKey().autoIncrement(),
    )
    .addColumn('classroom_id', 'text', (column) => column.notNull())
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('replica_id', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addUniqueConstraint('agent_sessions_one_each', ['classroom_id', 'agent_id'])
    .execute();
  await db.schema.createIndex('agent_sessions_by_replica').on('agent_sessions').column('replica_id').execute();
  await db.schema
    .createTable('agent_session_history')
    .addColumn('sequence_id', 'integer', (column) => column.primaryKey())
    .addColumn('classroom_id', 'text', (column) => column.notNull())
    .addColumn('agent_id', 'text', (column) => column.notNull())
    .addColumn('started_at', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('agent_session_history_by_classroom')
    .on('agent_session_history')
    .columns(['classroom_id', 'agent_id'])
    .execute();
};
