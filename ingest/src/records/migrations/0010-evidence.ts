import type { Kysely } from 'kysely';

/** Evidence about a report's completeness: frames in the store at each checkpoint, answers' chain heads, signed receipts. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('sessions')
    .addColumn('frames_stored', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('sessions').addColumn('frames_head', 'text').execute();
  await db.schema.alterTable('exam_answers').addColumn('chain', 'text').execute();
  await db.schema
    .createTable('signing_keys')
    .addColumn('key_id', 'text', (column) => column.primaryKey())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('private_key', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('receipts')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('receipt', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('receipts_key', ['session_id', 'version'])
    .execute();
  await db.schema.createIndex('receipts_by_day').on('receipts').columns(['day', 'session_id', 'version']).execute();
};
