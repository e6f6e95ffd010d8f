import type { Kysely } from 'kysely';

/** Compressed blocks of the frames of running sessions. */
export const up = async (db: Kysely<unknown>, isPostgres: boolean): Promise<void> => {
  await db.schema
    .createTable('frame_blocks')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('generation', 'text', (column) => column.notNull())
    .addColumn('from_links', 'integer', (column) => column.notNull())
    .addColumn('from_unnumbered', 'integer', (column) => column.notNull())
    .addColumn('info', 'text', (column) => column.notNull())
    .addColumn('body', isPostgres ? 'bytea' : 'blob', (column) => column.notNull())
    .addPrimaryKeyConstraint('frame_blocks_key', ['session_id', 'generation', 'from_links', 'from_unnumbered'])
    .execute();
};
