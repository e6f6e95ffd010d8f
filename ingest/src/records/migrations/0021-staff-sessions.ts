import type { Kysely } from 'kysely';

/** Staff who signed in through an OpenID provider. The cookie itself is not stored, only its hash. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('staff_sessions')
    .addColumn('staff_session_id', 'text', (column) => column.primaryKey())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('issuer', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('provider_session', 'text')
    .addColumn('id_token', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('staff_sessions_by_subject')
    .on('staff_sessions')
    .columns(['issuer', 'subject'])
    .execute();
};
