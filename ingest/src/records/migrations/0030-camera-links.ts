import type { Kysely } from 'kysely';

/** Links by which a phone becomes a session's camera. The code itself is not stored, only its hash. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('camera_links')
    .addColumn('link_id', 'text', (column) => column.primaryKey())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('code_hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .addColumn('used_at', 'text')
    .addColumn('connected_at', 'text')
    .addColumn('seen_at', 'text')
    .addColumn('ended_at', 'text')
    .execute();
  await db.schema.createIndex('camera_links_by_session').on('camera_links').column('session_id').execute();
};
