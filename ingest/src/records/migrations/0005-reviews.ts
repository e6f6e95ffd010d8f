import { sql } from 'kysely';
import type { Kysely } from 'kysely';

export const up = async (db: Kysely<unknown>, isPostgres: boolean): Promise<void> => {
  // JSON: the details of the action.
  await db.schema.alterTable('audit').addColumn('detail', 'text').execute();
  await db.schema.createIndex('audit_by_session').on('audit').column('session_id').execute();
  await db.schema.createIndex('audit_by_action').on('audit').columns(['action', 'at']).execute();
  await db.schema
    .createTable('review_entries')
    .addColumn('entry_id', isPostgres ? 'serial' : 'integer', (column) =>
      isPostgres ? column.primaryKey() : column.primaryKey().autoIncrement(),
    )
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('observation_id', 'text')
    .addColumn('value', 'text')
    .addColumn('note', 'text')
    .execute();
  await db.schema.createIndex('review_entries_by_session').on('review_entries').column('session_id').execute();
  await db.schema
    .createTable('accommodations')
    .addColumn('exam_id', 'text', (column) => column.notNull())
    .addColumn('member_id', 'text', (column) => column.notNull())
    .addColumn('accommodations', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('accommodations_key', ['exam_id', 'member_id'])
    .execute();
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('delivery_id', 'text', (column) => column.primaryKey())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('exam_id', 'text')
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('is_public_only', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('next_attempt_at', 'text', (column) => column.notNull())
    .addColumn('last_status', 'integer')
    .addColumn('last_error', 'text')
    .addColumn('delivered_at', 'text')
    .execute();
  await db.schema
    .createIndex('webhook_deliveries_due')
    .on('webhook_deliveries')
    .columns(['status', 'next_attempt_at'])
    .execute();
  await db.schema.createIndex('webhook_deliveries_by_session').on('webhook_deliveries').column('session_id').execute();
  for (const statement of isPostgres ? postgresGuards : sqliteGuards) await sql.raw(statement).execute(db);
};

/**
 * The database itself prevents changes to audit and reviews. Two things remain possible, because a student's data must
 * be erasable: names in the audit may become pseudonyms (`erased:…`) and its details be dropped, and a session's review
 * is deleted with its reports.
 */
const isErasure = `
  NEW.audit_id = OLD.audit_id AND NEW.at = OLD.at AND NEW.action = OLD.action
  AND (NEW.actor = OLD.actor OR NEW.actor LIKE 'erased:%')
  AND (COALESCE(NEW.session_id, '') = COALESCE(OLD.session_id, '') OR NEW.session_id LIKE 'erased:%')
  AND COALESCE(NEW.exam_id, '') = COALESCE(OLD.exam_id, '')
  AND (NEW.detail IS NULL OR NEW.detail = OLD.detail)`;
const hasReports = 'EXISTS (SELECT 1 FROM exam_analyses WHERE session_id = OLD.session_id)';

const sqliteGuard = (name: string, table: string, change: string, when: string): string =>
  `CREATE TRIGGER ${name} BEFORE ${change} ON ${table} WHEN ${when} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`;

const sqliteGuards = [
  sqliteGuard('audit_no_update', 'audit', 'UPDATE', `NOT (${isErasure})`),
  sqliteGuard('audit_no_delete', 'audit', 'DELETE', '1'),
  sqliteGuard('review_entries_no_update', 'review_entries', 'UPDATE', '1'),
  sqliteGuard('review_entries_no_delete', 'review_entries', 'DELETE', hasReports),
];

const postgresGuard = (name: string, table: string, change: string, when: string): string[] => [
  `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF ${when} THEN RAISE EXCEPTION '${table} is append-only'; END IF;
    RETURN ${change === 'UPDATE' ? 'NEW' : 'OLD'};
  END $$`,
  `CREATE TRIGGER ${name} BEFORE ${change} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}()`,
];

const postgresGuards = [
  ...postgresGuard('audit_no_update', 'audit', 'UPDATE', `NOT (${isErasure})`),
  ...postgresGuard('audit_no_delete', 'audit', 'DELETE', 'true'),
  ...postgresGuard('review_entries_no_update', 'review_entries', 'UPDATE', 'true'),
  ...postgresGuard('review_entries_no_delete', 'review_entries', 'DELETE', hasReports),
];
