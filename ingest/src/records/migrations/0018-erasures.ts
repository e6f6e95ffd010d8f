import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** When users were erased; and the user of each agent, so that a student's presence is found through an index. */
export const up = async (db: Kysely<unknown>, isPostgres: boolean): Promise<void> => {
  await db.schema
    .createTable('erasures')
    .addColumn('user_hash', 'text', (column) => column.primaryKey())
    .addColumn('erased_at', 'text', (column) => column.notNull())
    .execute();
  const dot = isPostgres ? sql`position('.' in agent_id)` : sql`instr(agent_id, '.')`;
  for (const table of ['agent_sessions', 'agent_session_history']) {
    await db.schema.alterTable(table).addColumn('user_id', 'text').execute();
    // An agent is `<label>.<user id>`, and a label contains no dot.
    await sql`update ${sql.table(table)} set user_id = substr(agent_id, ${dot} + 1) where ${dot} > 0`.execute(db);
    await db.schema.createIndex(`${table}_by_user`).on(table).column('user_id').execute();
  }
};
