import { sql } from 'kysely';
import type { Kysely, Selectable } from 'kysely';
import type { RecordsDatabase } from './records-database.ts';
import { filtered, hasStatus, isDecidableBy, later, reportStatuses, sortValues } from './report-list-query.ts';
import type { ReportListQuery, ReportPlace, ReportStatus } from './report-list-query.ts';
import type { ReportSummariesTable, ReportSummaryTables } from './report-summary-tables.ts';
import { summarizeReport, summaryLock } from './summarize-report.ts';
import type { Tables } from './tables.ts';

type TypeRow = Selectable<ReportSummaryTables['report_types']>;

/** One line of the list. */
export interface ListedReport {
  summary: Selectable<ReportSummariesTable>;
  studentName: string | null;
  types: TypeRow[];
  place: ReportPlace;
}

/** Marks on the alerts and observations of one type, under one version of the rules. */
export type RuleOutcome = Omit<TypeRow, 'session_id' | 'exam_id' | 'seconds'> & { sessions: number };

const summed = [
  'observations',
  'confirmed',
  'dismissed',
  'unsure',
  'alerts',
  'alerts_confirmed',
  'alerts_dismissed',
  'alerts_unsure',
] as const;

/** Summaries brought up to date at once. */
const repairedAtOnce = 50;

const listed = (db: Kysely<Tables>) =>
  db
    .selectFrom('report_summaries as s')
    .leftJoin('exam_students as n', (join) =>
      join.onRef('n.exam_id', '=', 's.exam_id').onRef('n.student_id', '=', 's.member_id'),
    );

/** The newest report of each session of an exam, in order and in pages. */
export class ReportSummaryRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /**
   * Summarizes reports that a replica of an earlier version added. @param examIds at most a few hundred
   * @returns the number of reports, 0 if all were up to date
   */
  async bringUpToDate(examIds: readonly string[]): Promise<number> {
    if (examIds.length === 0) return 0;
    const outdated = await this.#database.run((db) =>
      db
        .selectFrom('exam_analyses as a')
        .leftJoin('report_summaries as s', 's.session_id', 'a.session_id')
        .select('a.session_id')
        .distinct()
        .where('a.exam_id', 'in', examIds)
        .where((where) => where.or([where('s.version', 'is', null), where('s.version', '<', where.ref('a.version'))]))
        .limit(repairedAtOnce)
        .execute(),
    );
    for (const { session_id: sessionId } of outdated) await this.#summarize(sessionId);
    return outdated.length;
  }

  #summarize(sessionId: string): Promise<void> {
    return this.#database.runLocked(summaryLock(sessionId), (transaction) => summarizeReport(transaction, sessionId));
  }

  /** One page. */
  list(query: ReportListQuery): Promise<ListedReport[]> {
    const { sort, descending, after, limit } = query;
    return this.#database.run(async (db) => {
      let select = listed(db)
        .selectAll('s')
        .select(['n.student_name', sortValues[sort].as('sorted_by')])
        .where((where) => where.and(filtered(where, query)));
      if (after !== null) select = select.where(later(query, after));
      const rows = await select
        .orderBy(sortValues[sort], descending ? 'desc' : 'asc')
        .orderBy('s.session_id')
        .limit(limit)
        .execute();
      return withTypes(db, rows);
    });
  }

  /** How many reports match the filter, how many of the exam's reports have each status, and on how many the user can decide. */
  count(
    query: Pick<ReportListQuery, 'examId' | 'filter' | 'reviewers'>,
    userId: string,
  ): Promise<Record<ReportStatus | 'all' | 'matching' | 'decidable', number>> {
    return this.#database.run(async (db) => {
      const statuses = reportStatuses.map((status) =>
        sql<number | string | null>`sum(case when ${hasStatus(status, query.reviewers)} then 1 else 0 end)`.as(status),
      );
      const counts = await db
        .selectFrom('report_summaries as s')
        .select((row) => row.fn.countAll<number | string>().as('all'))
        .select(statuses)
        .select(
          sql<number | string | null>`sum(case when ${isDecidableBy(userId, query.reviewers)} then 1 else 0 end)`.as(
            'decidable',
          ),
        )
        .where('s.exam_id', '=', query.examId)
        .executeTakeFirstOrThrow();
      const { matching } = await listed(db)
        .select((row) => row.fn.countAll<number | string>().as('matching'))
        .where((where) => where.and(filtered(where, query)))
        .executeTakeFirstOrThrow();
      const { all, open: undecided, second, reviewed, contested, disagreed, decidable } = counts;
      return {
        all: Number(all),
        open: Number(undecided),
        second: Number(second),
        reviewed: Number(reviewed),
        contested: Number(contested),
        disagreed: Number(disagreed),
        decidable: Number(decidable),
        matching: Number(matching),
      };
    });
  }

  /** Exams in which a student has a report. @param teacherId only exams of this teacher; null: all */
  examsOfStudent(studentId: string, teacherId: string | null): Promise<string[]> {
    return this.#database.run(async (db) => {
      let query = db
        .selectFrom('sessions')
        .select('exam_id')
        .distinct()
        .where('member_id', '=', studentId)
        .where('status', '=', 'ended');
      if (teacherId !== null) query = query.where('exam_id', 'in', taughtBy(db, teacherId));
      const rows = await query.execute();
      return rows.flatMap(({ exam_id: examId }) => (examId === null ? [] : [examId]));
    });
  }

  /** A student's reports in some exams, the newest first. */
  async ofStudent(studentId: string, examIds: readonly string[], limit: number): Promise<ListedReport[]> {
    if (examIds.length === 0) return [];
    return await this.#database.run(async (db) => {
      const rows = await listed(db)
        .selectAll('s')
        .select(['n.student_name', sortValues.ended_at.as('sorted_by')])
        .where('s.member_id', '=', studentId)
        .where('s.exam_id', 'in', examIds)
        .orderBy(sortValues.ended_at, 'desc')
        .orderBy('s.session_id')
        .limit(limit)
        .execute();
      return withTypes(db, rows);
    });
  }

  /** What reviewers decided about each rule's observations and alerts, by version. @param teacherId null: in all exams */
  ruleOutcomes(teacherId: string | null): Promise<RuleOutcome[]> {
    return this.#database.run(async (db) => {
      let query = db
        .selectFrom('report_types')
        .select(['rules_version', 'type'])
        .select((row) => row.fn.countAll<number | string>().as('sessions'))
        .select(summed.map((name) => sql<number | string>`sum(${sql.ref(name)})`.as(name)));
      if (teacherId !== null) {
        query = query.where('exam_id', 'in', taughtBy(db, teacherId));
      }
      const rows = await query.groupBy(['rules_version', 'type']).orderBy('rules_version').orderBy('type').execute();
      return rows.map((row) => ({
        ...row,
        sessions: Number(row.sessions),
        observations: Number(row.observations),
        confirmed: Number(row.confirmed),
        dismissed: Number(row.dismissed),
        unsure: Number(row.unsure),
        alerts: Number(row.alerts),
        alerts_confirmed: Number(row.alerts_confirmed),
        alerts_dismissed: Number(row.alerts_dismissed),
        alerts_unsure: Number(row.alerts_unsure),
      }));
    });
  }
}

type ListedRow = ListedReport['summary'] & { student_name: string | null; sorted_by: number | string };

const withTypes = async (db: Kysely<Tables>, rows: readonly ListedRow[]): Promise<ListedReport[]> => {
  const types = await typesOf(
    db,
    rows.map(({ session_id }) => session_id),
  );
  return rows.map(({ student_name: studentName, sorted_by: value, ...summary }) => ({
    summary,
    studentName,
    types: types.filter(({ session_id }) => session_id === summary.session_id),
    place: { value, sessionId: summary.session_id },
  }));
};

const taughtBy = (db: Kysely<Tables>, teacherId: string) =>
  db.selectFrom('exam_teachers').select('exam_teachers.exam_id').where('teacher_id', '=', teacherId);

const typesOf = async (db: Kysely<Tables>, sessionIds: readonly string[]): Promise<TypeRow[]> =>
  sessionIds.length === 0
    ? []
    : await db
        .selectFrom('report_types')
        .selectAll()
        .where('session_id', 'in', sessionIds)
        .orderBy('observations', 'desc')
        .orderBy('type')
        .execute();
