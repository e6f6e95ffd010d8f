import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import type { FuzzedServer } from '../fuzz/server-process.ts';

const metricsOf = async ({ origin }: FuzzedServer): Promise<string> => (await fetch(`${origin}/metrics`)).text();

/** Refusals by the server, by limit. */
export const refusals = async (server: FuzzedServer): Promise<Record<string, number>> =>
  Object.fromEntries(
    [...(await metricsOf(server)).matchAll(/^invigil_budget_refused_total\{limit="(\w+)"\} (\d+)$/gm)].map(
      ([, limit = '', count]) => [limit, Number(count)],
    ),
  );

/** Rows that belong to the student, by limit of the budget table, and the size of the stores. */
export const rowsAndBytes = async (
  { folder }: FuzzedServer,
  memberId: string,
): Promise<{ rows: Record<string, number>; bytes: number }> => {
  const data = join(folder, 'data');
  const db = new Database(join(data, 'records.db'), { readonly: true });
  const count = (table: string, where: string): number => {
    const row = db.prepare(`select count(*) as rows from ${table} where ${where}`).get(memberId) as { rows: number };
    return row.rows;
  };
  const ofSession = 'session_id in (select session_id from sessions where member_id = ?)';
  const rows = {
    sessions: count('sessions', 'member_id = ?'),
    questions: count('exam_answers', 'student_id = ?'),
    highlights: count('exam_highlights', 'student_id = ?'),
    violations: count('exam_violations', 'student_id = ?'),
    alerts: count('alerts', ofSession),
    presenceVisits: count('agent_session_history', "agent_id like '%.' || ?"),
  };
  db.close();
  let bytes = 0;
  for (const file of await readdir(data)) bytes += (await stat(join(data, file))).size;
  return { rows, bytes };
};
