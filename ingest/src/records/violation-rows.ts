import type { Transaction } from 'kysely';
import type { ViolationType } from '@invigil/protocol/channels';
import type { Tables } from './tables.ts';

export interface ViolationKey {
  exam_id: string;
  student_id: string;
  violation_type: ViolationType;
}

/** How a page reported a violation: in a REST request, or in a feature frame. */
export type ViolationSource = 'request' | 'frame';

export interface ReportedViolations {
  source: ViolationSource;
  /** Ascending, at least `intervalMs` apart, milliseconds. */
  times: readonly number[];
}

export interface ViolationLimits {
  /** Two within this time are one. */
  intervalMs: number;
  /** Two within this time are one if they were reported in different ways. */
  matchMs: number;
  /** Violations that a student may have in an exam, of all types; further ones are not saved. */
  most: number;
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

interface SavedViolation {
  id: number;
  atMs: number;
  /** Null for one that an earlier version saved. */
  source: ViolationSource | null;
  /** Its time as reported the other way, milliseconds; null: it was not. */
  counterpartMs: number | null;
}

/** Those already saved in the period, ascending. */
const savedBetween = async (
  transaction: Transaction<Tables>,
  key: ViolationKey,
  fromMs: number,
  toMs: number,
): Promise<SavedViolation[]> => {
  const rows = await transaction
    .selectFrom('exam_violations')
    .select(['violation_id', 'at', 'source', 'counterpart_at'])
    .where('exam_id', '=', key.exam_id)
    .where('student_id', '=', key.student_id)
    .where('violation_type', '=', key.violation_type)
    .where('at', '>=', isoOf(fromMs))
    .where('at', '<=', isoOf(toMs))
    .orderBy('at')
    .execute();
  return rows.map(({ violation_id: id, at, source, counterpart_at: counterpart }) => ({
    id,
    atMs: Date.parse(at),
    source,
    counterpartMs: counterpart === null ? null : Date.parse(counterpart),
  }));
};

/** Those of `times` that are at least `intervalMs` from every saved one. Both lists ascend. */
export const distantFrom = (saved: readonly number[], times: readonly number[], intervalMs: number): number[] => {
  let next = 0;
  return times.filter((atMs) => {
    while (next < saved.length && saved[next]! <= atMs - intervalMs) next += 1;
    return next === saved.length || saved[next]! >= atMs + intervalMs;
  });
};

/**
 * Pairs each time with the earliest saved violation within `matchMs`. Each saved one has at most one counterpart. Both lists ascend.
 * @returns the times without a counterpart, and the pairs
 */
const pairWithin = <Saved extends { atMs: number }>(
  saved: readonly Saved[],
  times: readonly number[],
  matchMs: number,
): { unpaired: number[]; pairs: { saved: Saved; atMs: number }[] } => {
  const pairs: { saved: Saved; atMs: number }[] = [];
  let next = 0;
  const unpaired = times.filter((atMs) => {
    while (next < saved.length && saved[next]!.atMs < atMs - matchMs) next += 1;
    const candidate = saved[next];
    if (candidate === undefined || candidate.atMs > atMs + matchMs) return true;
    pairs.push({ saved: candidate, atMs });
    next += 1;
    return false;
  });
  return { unpaired, pairs };
};

const ascending = (a: number, b: number): number => a - b;

/** @returns the times that are not saved yet. Those that complete a violation reported the other way are saved with it. */
const newTimes = async (
  transaction: Transaction<Tables>,
  key: ViolationKey,
  { source, times }: ReportedViolations,
  { intervalMs, matchMs }: ViolationLimits,
): Promise<number[]> => {
  const [firstMs = 0, lastMs = 0] = [times[0], times.at(-1)];
  const reachMs = intervalMs + matchMs;
  const saved = await savedBetween(transaction, key, firstMs - reachMs, lastMs + reachMs);
  const savedMs = saved.flatMap(({ atMs, counterpartMs }) => (counterpartMs === null ? [atMs] : [atMs, counterpartMs]));
  const fresh = distantFrom(savedMs.toSorted(ascending), times, intervalMs);
  const single = saved.filter((row) => row.counterpartMs === null && row.source !== null && row.source !== source);
  // One that a time repeats has found its counterpart in it.
  const distantMs = new Set(
    distantFrom(
      times,
      single.map(({ atMs }) => atMs),
      intervalMs,
    ),
  );
  const { unpaired, pairs } = pairWithin(
    single.filter(({ atMs }) => distantMs.has(atMs)),
    fresh,
    matchMs,
  );
  const repeated = single.filter(({ atMs }) => !distantMs.has(atMs)).map((row) => ({ saved: row, atMs: row.atMs }));
  for (const { saved: row, atMs } of [...repeated, ...pairs]) {
    await transaction
      .updateTable('exam_violations')
      .set({ counterpart_at: isoOf(atMs) })
      .where('violation_id', '=', row.id)
      .execute();
  }
  return unpaired;
};

/** See `ExamWorkRecords.saveViolations`. */
export const saveViolationRows = async (
  transaction: Transaction<Tables>,
  key: ViolationKey,
  seen: ReportedViolations,
  limits: ViolationLimits,
): Promise<{ saved: number; beyond: number }> => {
  if (seen.times.length === 0) return { saved: 0, beyond: 0 };
  await lockCount(transaction, key);
  const distant = await newTimes(transaction, key, seen, limits);
  const room = Math.max(0, limits.most - (await countAll(transaction, key)));
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
    const rows = fresh.slice(next, next + rowsPerStatement).map((at) => ({ ...key, at, source: seen.source }));
    await transaction.insertInto('exam_violations').values(rows).execute();
  }
  return { saved: fresh.length, beyond };
};
