import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import { ExamStudentRecords } from './exam-student-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import { reportSorts } from './report-list-query.ts';
import type { ReportFilter, ReportListQuery, ReportSort } from './report-list-query.ts';
import { ReportSummaryRecords } from './report-summary-records.ts';
import type { ListedReport } from './report-summary-records.ts';
import { ReviewRecords } from './review-records.ts';

const noFilter: ReportFilter = {
  status: null,
  type: null,
  maxRisk: null,
  minCoverage: null,
  student: null,
  decidableBy: null,
};

interface Made {
  id: string;
  member: string;
  risk: number | null;
  share: number | null;
  phones: number;
  alerts: number;
}

const reportOf = ({ id, risk, share, phones, alerts }: Made): string =>
  JSON.stringify({
    session: { session_id: id, started_at: minute(0), ended_at: minute(phones) },
    risk: { value: risk },
    coverage:
      share === null
        ? null
        : { duration_s: 100, observed_s: 100 * share, share, live_s: 90 * share, live_share: share },
    observations: Array.from({ length: phones }, (_, at) => ({
      id: `phone-${at}`,
      type: 'phone_visible',
      duration_s: 2,
    })),
    alerts: Array.from({ length: alerts }, (_, at) => ({ observation_id: `phone-${at}`, type: 'phone_visible' })),
    violations: { total: phones },
  });

onEachDatabase((open) => {
  let database: RecordsDatabase;
  let records: ReportSummaryRecords;
  let examId: string;
  beforeEach(() => {
    database = open();
    records = new ReportSummaryRecords(database);
    examId = `exam-${randomUUID()}`;
  });

  /** Reports as a replica of an earlier version writes them: without summaries. */
  const addReports = async (made: readonly Made[]): Promise<void> => {
    const rows = made.map((report) => ({
      session_id: report.id,
      version: 1,
      exam_id: examId,
      member_id: report.member,
      rules_version: '3',
      report: reportOf(report),
      dump_file: '',
      created_at: minute(1),
    }));
    for (let at = 0; at < rows.length; at += 100) {
      const some = rows.slice(at, at + 100);
      await database.run((db) => db.insertInto('exam_analyses').values(some).execute());
    }
  };

  const bringUpToDate = async (): Promise<number> => {
    let total = 0;
    for (;;) {
      const count = await records.bringUpToDate([examId]);
      if (count === 0) return total;
      total += count;
    }
  };

  const make = (count: number): Made[] =>
    Array.from({ length: count }, (_, at) => ({
      id: `${examId}-${String((at * 7919) % count).padStart(4, '0')}`,
      member: `student-${at % 13}`,
      risk: at % 11 === 0 ? null : (at * 37) % 20,
      share: at % 7 === 0 ? null : ((at * 13) % 10) / 10 + 0.05,
      phones: at % 4,
      alerts: at % 2,
    }));

  const query = (extra: Partial<ReportListQuery> = {}): ReportListQuery => ({
    examId,
    reviewers: 1,
    filter: noFilter,
    sort: 'priority',
    descending: true,
    after: null,
    limit: 7,
    ...extra,
  });

  /** Every page; fails if one is longer than its limit. */
  const pagesOf = async (base: ReportListQuery): Promise<ListedReport[]> => {
    const all: ListedReport[] = [];
    let after = base.after;
    for (;;) {
      const page = await records.list({ ...base, after });
      expect(page.length).toBeLessThanOrEqual(base.limit);
      all.push(...page);
      if (page.length < base.limit) return all;
      after = page.at(-1)?.place ?? null;
    }
  };

  const act = (sessionId: string, actor: string) => ({ sessionId, examId, actor, at: minute(5) });
  const keyOf: Record<ReportSort, (made: Made) => number | string> = {
    priority: ({ risk }) => risk ?? -1,
    coverage: ({ share }) => share ?? -1,
    observations: ({ phones }) => phones,
    ended_at: ({ phones }) => minute(phones),
    student: ({ member }) => member,
  };

  describe('the list of an exam’s reports', () => {
    test('decisions, contests and marks at the same moment are all in the summary', async () => {
      const reviews = new ReviewRecords(database);
      const ids = Array.from({ length: 8 }, (_, at) => `${examId}-${at}`);
      await addReports(ids.map((id) => ({ id, member: 'ada', risk: 1, share: 1, phones: 1, alerts: 0 })));
      await records.bringUpToDate([examId]);
      const decide = (sessionId: string, actor: string, mark: boolean) =>
        reviews.review(
          { sessionId, examId, actor, at: minute(2) },
          { outcome: 'follow_up', observations: mark ? [{ id: 'phone-0', mark: 'confirmed' }] : [] },
        );
      await Promise.all(
        ids.flatMap((sessionId) => [
          decide(sessionId, 'tina', false),
          decide(sessionId, 'tom', true),
          reviews.contest({ sessionId, examId, actor: 'ada', at: minute(2) }, 'phone-0', 'why?', 10),
        ]),
      );
      const found = await records.list(query({ limit: 20 }));
      expect(found.map(({ summary }) => new Set([summary.outcome_by, summary.other_by]))).toEqual(
        ids.map(() => new Set(['tina', 'tom'])),
      );
      expect(found.map(({ summary }) => summary.contests)).toEqual(ids.map(() => 1));
    });

    test.each(reportSorts)('has every report once, in the order of %s, up and down', async (sort) => {
      const made = make(60);
      await addReports(made);
      expect(await bringUpToDate()).toBe(60);
      for (const descending of [true, false]) {
        const key = keyOf[sort];
        const wanted = made.toSorted((a, b) => {
          const [x, y] = [key(a), key(b)];
          if (x !== y) return x < y === descending ? 1 : -1;
          return a.id < b.id ? -1 : 1;
        });
        const found = await pagesOf(query({ sort, descending }));
        expect(found.map(({ summary }) => summary.session_id)).toEqual(wanted.map(({ id }) => id));
      }
    });

    test('serves a thousand sessions in pages, of which none reads a report', async () => {
      await addReports(make(1));
      await bringUpToDate();
      await database.run(async (db) => {
        const { session_id: _id, ...row } = await db
          .selectFrom('report_summaries')
          .selectAll()
          .where('exam_id', '=', examId)
          .executeTakeFirstOrThrow();
        for (let at = 1; at < 1000; at += 111) {
          const rows = Array.from({ length: 111 }, (_, index) => ({
            ...row,
            session_id: `${examId}-more-${at + index}`,
          }));
          await db.insertInto('report_summaries').values(rows).execute();
        }
      });
      const found = await pagesOf(query({ limit: 200 }));
      expect(new Set(found.map(({ summary }) => summary.session_id)).size).toBe(1000);
      expect(await records.count(query(), 'tina')).toMatchObject({ all: 1000, open: 1000, matching: 1000 });
    });

    test('brings a report up to date only once', async () => {
      await addReports(make(60));
      expect(await bringUpToDate()).toBe(60);
      expect(await records.bringUpToDate([examId])).toBe(0);
    });

    test.each<[string, Partial<ReportFilter>, (made: Made) => boolean]>([
      ['type', { type: 'phone_visible' }, ({ phones }) => phones > 0],
      ['another type', { type: 'talking' }, () => false],
      ['priority', { maxRisk: 7 }, ({ risk }) => risk !== null && risk <= 7],
      ['coverage', { minCoverage: 0.5 }, ({ share }) => share !== null && share >= 0.5],
      ['part of the student’s id', { student: 'DENT-1' }, ({ member }) => member.includes('dent-1')],
      ['wildcards, taken literally', { student: '%' }, () => false],
      ['name', { student: 'ada' }, ({ member }) => member === 'student-3'],
      ['name with letters beyond ASCII', { student: 'ÉMILE Özi' }, ({ member }) => member === 'student-4'],
      [
        'name with letters beyond ASCII, in lower case',
        { student: 'émile özil' },
        ({ member }) => member === 'student-4',
      ],
    ])('is filtered by %s', async (_name, filter, isWanted) => {
      const made = make(40);
      await addReports(made);
      const names = [
        { id: 'student-3', name: 'Ada_L' },
        { id: 'student-4', name: 'Émile Özil' },
      ];
      await new ExamStudentRecords(database).enrol(examId, names, minute(0));
      await bringUpToDate();
      const asked = query({ filter: { ...noFilter, ...filter } });
      const found = await pagesOf(asked);
      const wanted = made.filter(isWanted).map(({ id }) => id);
      expect(found.map(({ summary }) => summary.session_id).toSorted()).toEqual(wanted.toSorted());
      expect((await records.count(asked, 'tina')).matching).toBe(wanted.length);
    });

    test('lists a report that cannot be read without its values, together with the others', async () => {
      const [made, other] = make(2);
      if (made === undefined || other === undefined) throw new Error('none made');
      await addReports([made, other]);
      const damaged = { session_id: made.id, version: 2, exam_id: examId, member_id: 'ada', rules_version: '2' };
      await database.run((db) =>
        db
          .insertInto('exam_analyses')
          .values({ ...damaged, report: '{"risk":', dump_file: '', created_at: minute(9) })
          .execute(),
      );
      expect(await bringUpToDate()).toBe(2);
      const found = await records.list(query());
      const ofDamaged = found.find(({ summary }) => summary.session_id === made.id);
      expect(found).toHaveLength(2);
      expect(ofDamaged?.summary).toMatchObject({ version: 2, risk: null, coverage_share: null, ended_at: minute(9) });
    });

    test('has the newest version of a report', async () => {
      const [made] = make(1);
      if (made === undefined) throw new Error('none made');
      await addReports([{ ...made, risk: 3 }]);
      await bringUpToDate();
      const row = { session_id: made.id, version: 2, exam_id: examId, member_id: 'ada', rules_version: '2' };
      const report = reportOf({ ...made, risk: 8 });
      await database.run((db) =>
        db
          .insertInto('exam_analyses')
          .values({ ...row, report, dump_file: '', created_at: minute(2) })
          .execute(),
      );
      expect(await bringUpToDate()).toBe(1);
      expect((await records.list(query()))[0]?.summary).toMatchObject({ risk: 8, version: 2, rules_version: '2' });
    });
  });

  describe('reviews in the list', () => {
    const one = { member: 'ada', risk: 5, share: 1, phones: 3, alerts: 2 };

    test('a decision, a contest and another reviewer’s decision appear with their status', async () => {
      const id = `${examId}-s`;
      await addReports([{ ...one, id }]);
      await bringUpToDate();
      const reviews = new ReviewRecords(database);
      const statuses = async (reviewers: number) => {
        const counts = await records.count(query({ reviewers }), 'tina');
        return [counts.open, counts.second, counts.reviewed, counts.contested, counts.disagreed];
      };
      /** Whether each user can decide on the report: counted, and listed. */
      const decidable = async (reviewers: number): Promise<string[]> => {
        const able: string[] = [];
        for (const user of ['tina', 'tom']) {
          const asked = query({ reviewers, filter: { ...noFilter, decidableBy: user } });
          const { decidable: count, matching } = await records.count(asked, user);
          expect([count, (await records.list(asked)).length]).toEqual([matching, matching]);
          if (count === 1) able.push(user);
        }
        return able;
      };
      expect(await decidable(1)).toEqual(['tina', 'tom']);
      expect(await statuses(2)).toEqual([1, 0, 0, 0, 0]);
      await reviews.review(act(id, 'tina'), { outcome: 'follow_up', observations: [] });
      await reviews.contest(act(id, 'ada'), 'phone-0', 'a calculator', 5);
      expect(await statuses(1)).toEqual([0, 0, 1, 1, 0]);
      expect(await statuses(2)).toEqual([0, 1, 0, 1, 0]);
      expect([await decidable(1), await decidable(2)]).toEqual([[], ['tom']]);
      // The same reviewer again is no second reviewer.
      await reviews.review(act(id, 'tina'), { outcome: 'inconclusive', observations: [] });
      expect(await statuses(2)).toEqual([0, 1, 0, 1, 0]);
      await reviews.review(act(id, 'tom'), { outcome: 'nothing_to_follow_up', observations: [] });
      expect(await statuses(2)).toEqual([0, 0, 1, 1, 1]);
      expect(await decidable(2)).toEqual([]);
      expect((await records.list(query()))[0]?.summary).toMatchObject({
        outcome: 'nothing_to_follow_up',
        outcome_by: 'tom',
        other_outcome: 'inconclusive',
        other_by: 'tina',
        contests: 1,
      });
    });

    test('marks count for their rule and its alerts, the newest of each observation', async () => {
      const id = `${examId}-m`;
      await addReports([{ ...one, id }]);
      await bringUpToDate();
      const reviews = new ReviewRecords(database);
      await reviews.review(act(id, 'tina'), {
        observations: [
          { id: 'phone-0', mark: 'confirmed' },
          { id: 'phone-2', mark: 'dismissed' },
        ],
      });
      await reviews.review(act(id, 'tina'), { observations: [{ id: 'phone-0', mark: 'dismissed' }] });
      const [report] = await records.list(query());
      expect(report?.types).toMatchObject([
        { type: 'phone_visible', observations: 3, confirmed: 0, dismissed: 2, alerts: 2, alerts_dismissed: 1 },
      ]);
    });

    test('rule outcomes cover the teacher’s exams only', async () => {
      const teacher = `teacher-${examId}`;
      const id = `${examId}-r`;
      await addReports([{ ...one, id }]);
      await bringUpToDate();
      expect(await records.ruleOutcomes(teacher)).toEqual([]);
      await database.run((db) =>
        db.insertInto('exam_teachers').values({ exam_id: examId, teacher_id: teacher }).execute(),
      );
      expect(await records.ruleOutcomes(teacher)).toEqual([
        {
          rules_version: '3',
          type: 'phone_visible',
          sessions: 1,
          observations: 3,
          confirmed: 0,
          dismissed: 0,
          unsure: 0,
          alerts: 2,
          alerts_confirmed: 0,
          alerts_dismissed: 0,
          alerts_unsure: 0,
        },
      ]);
      expect((await records.ruleOutcomes(null)).length).toBeGreaterThan(0);
    });
  });
});
