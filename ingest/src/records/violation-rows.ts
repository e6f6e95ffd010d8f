import type { Transaction } from 'kysely';
import type { ViolationType } from '@invigil/protocol/channels';
import type { Tables } from './tables.ts';

export interface ViolationKey {
  exam_id: string;
  student_id: string;
  violation_type: ViolationType;
}

/** Few enough for SQLite, which allows 32,766 values per statement. */
const rowsPerStatement = 1000;

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

/** Creates the counter row if it is missing, and locks it until the transaction ends. */
const lockCount = async (transaction: Transaction<Tables>, key: ViolationKey): Promise<void> => {
  await transaction
    .insertInto('exam_violation_counts')
    .values({ ...key, violations: 0, last_at: '' })
    .onConflict((conflict) =>
      conflict
        .columns(['exam_id', 'student_id', 'violation_type'])
        .doUpdateSet((row) => ({ violations: row.ref('exam_violation_counts.violations') })),
    )
    .execute();
};

/** Violations of the student in the exam, of all types. */
const countAll = async (transaction: Transaction<Tables>, key: ViolationKey): Promise<number> => {
  const { all } = await transaction
    .selectFrom('exam_violation_counts')
    .select((row) => row.fn.sum<number | string | null>('violations').as('all'))
    .where('exam_id', '=', key.exam_id)
    .where('student_id', '=', key.student_id)
    .executeTakeFirstOrThrow();
  return Number(all ?? 0);
};

/** Times already saved in the period, ascending. */
const savedBetween = async (
  transaction: Transaction<Tables>,
  key: ViolationKey,
  fromMs: number,
  toMs: number,
): Promise<number[]> => {
  const rows = await transaction
    .selectFrom('exam_violations')
    .select('at')
    .where('exam_id', '=', key.exam_id)
    .where('student_id', '=', key.student_id)
    .where('violation_type', '=', key.violation_type)
    .where('at', '>=', isoOf(fromMs))
    .where('at', '<=', isoOf(toMs))
    .orderBy('at')
    .execute();
  return rows.map(({ at }) => Date.parse(at));
};

/** Those of `times` that are at least `intervalMs` from every saved one. Both lists ascend. */
export const distantFrom = (saved: readonly number[], times: readonly number[], intervalMs: number): number[] => {
  let next = 0;
  return times.filter((atMs) => {
    while (next < saved.length && saved[next]! <= atMs - intervalMs) next += 1;
    return next === saved.length || saved[next]! >= atMs + intervalMs;
  });
};

/** See `ExamWorkRecords.saveViolations`. */
export const saveViolationRows = async (
  transaction: Transaction<Tables>,
  key: ViolationKey,
  times: readonly number[],
  { intervalMs, most }: { intervalMs: number; most: number },
): Promise<{ saved: number; beyond: number }> => {
  const [firstMs, lastMs] = [times[0], times.at(-1)];
  if (firstMs === undefined || lastMs === undefined) return { saved: 0, beyond: 0 };
  await lockCount(transaction, key);
  const saved = await savedBetween(transaction, key, firstMs - intervalMs, lastMs + intervalMs);
  const distant = distantFrom(saved, times, intervalMs);
  const room = Math.max(0, most - (await countAll(transaction, key)));
  const fresh = distant.slice(0, room).map(isoOf);
  const beyond = distant.length - fresh.length;
  const newest = fresh.at(-1);
  if (newest === undefined) return { saved: 0, beyond };
  await transaction
    .updateTable('exam_violation_counts')
    .set((row) => ({
      violations: row('violations', '+', fresh.length),
      last_at: row.case().when('last_at', '<', newest).then(newest).else(row.ref('last_at')).end(),
    }))
    .where('exam_id', '=', key.exam_id)
    .where('student_id', '=', key.student_id)
    .where('violation_type', '=', key.violation_type)
    .execute();
  for (let next = 0; next < fresh.length; next += rowsPerStatement) {
    const rows = fresh.slice(next, next + rowsPerStatement).map((at) => ({ ...key, at }));
    await transaction.insertInto('exam_violations').values(rows).execute();
  }
  return { saved: fresh.length, beyond };
};
