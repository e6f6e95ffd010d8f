import type { ReviewRequest } from '@invigil/protocol/report';
import type { Session } from '../model/session.ts';
import type { ReportListQuery } from '../records/report-list-query.ts';
import type { ListedReport, ReportSummaryRecords, RuleOutcome } from '../records/report-summary-records.ts';

/** Reports per page when all are read. */
const wholePage = 200;
/** Reports that one request may decide on. */
export const bulkLimit = 1000;
/** Exams of which reports are summarized before the rules' outcomes are counted. */
const examsAtOnce = 100;

export interface ReportListOptions {
  summaries: ReportSummaryRecords;
  find: (sessionId: string) => Promise<Session | null>;
  /** Records a review, unless the student has contested an observation in the meantime. @returns whether it was recorded */
  review: (session: Session, actor: string, request: ReviewRequest) => Promise<boolean>;
  /** Called if a store fails after some of many decisions were recorded. */
  onFailure: (error: unknown) => void;
  /** The exams of a teacher, or all for null. */
  examIdsOf: (teacherId: string | null) => Promise<string[]>;
}

/** Reports that match a bulk decision, and what was recorded. */
export type BulkResult =
  | { state: 'counted'; matching: number }
  /** `failed`: reports that could not be decided on, because a store failed. */
  | { state: 'recorded'; sessionIds: string[]; failed: number }
  | { state: 'changed'; matching: number }
  | { state: 'too_many' };

/** One decision for every report within the limits that this reviewer has not decided on yet. */
export interface BulkDecision {
  examId: string;
  reviewers: number;
  actor: string;
  maxRisk: number;
  minCoverage: number;
  notes: string | null;
  /** Null: only count the reports. */
  expected: number | null;
}

/** An exam's reports: pages, all of them, and decisions on many at once. */
export class ReportList {
  readonly #options: ReportListOptions;

  constructor(options: ReportListOptions) {
    this.#options = options;
  }

  /** @param userId who reads it */
  async page(
    query: ReportListQuery,
    userId: string,
  ): Promise<{
    reports: ListedReport[];
    counts: Awaited<ReturnType<ReportSummaryRecords['count']>>;
    next: ListedReport['place'] | null;
  }> {
    await this.#bringUpToDate([query.examId]);
    const { summaries } = this.#options;
    const [found, counts] = await Promise.all([
      summaries.list({ ...query, limit: query.limit + 1 }),
      summaries.count(query, userId),
    ]);
    const reports = found.slice(0, query.limit);
    return { reports, counts, next: found.length > query.limit ? (reports.at(-1)?.place ?? null) : null };
  }

  /** Every matching report, page by page. */
  async *all(query: Omit<ReportListQuery, 'after' | 'limit'>): AsyncGenerator<ListedReport[]> {
    await this.#bringUpToDate([query.examId]);
    let after: ListedReport['place'] | null = null;
    for (;;) {
      const page: ListedReport[] = await this.#options.summaries.list({ ...query, after, limit: wholePage });
      if (page.length > 0) yield page;
      if (page.length < wholePage) return;
      after = page.at(-1)?.place ?? null;
    }
  }

  /** Records "nothing to follow up" for each matching report, unless their number is not the expected one. */
  async decide(decision: BulkDecision): Promise<BulkResult> {
    const matching = await this.#undecided(decision);
    if (decision.expected === null) return { state: 'counted', matching: matching.length };
    if (matching.length !== decision.expected) return { state: 'changed', matching: matching.length };
    if (matching.length > bulkLimit) return { state: 'too_many' };
    return this.#recordAll(decision, matching);
  }

  /** @throws the store's error if it fails before anything was recorded */
  async #recordAll({ actor, notes }: BulkDecision, matching: readonly ListedReport[]): Promise<BulkResult> {
    const { find, review, onFailure } = this.#options;
    const request: ReviewRequest = {
      outcome: 'nothing_to_follow_up',
      observations: [],
      ...(notes === null ? {} : { notes }),
    };
    const sessionIds: string[] = [];
    for (const [index, { summary }] of matching.entries()) {
      try {
        const session = await find(summary.session_id);
        if (session !== null && (await review(session, actor, request))) sessionIds.push(summary.session_id);
      } catch (error) {
        if (sessionIds.length === 0) throw error;
        // The caller has to learn which decisions were stored.
        onFailure(error);
        return { state: 'recorded', sessionIds, failed: matching.length - index };
      }
    }
    return { state: 'recorded', sessionIds, failed: 0 };
  }

  /** Reports without a contest that the reviewer can decide on. */
  async #undecided({ examId, reviewers, actor, maxRisk, minCoverage }: BulkDecision): Promise<ListedReport[]> {
    const filter = { status: null, type: null, student: null, maxRisk, minCoverage, decidableBy: actor };
    const found: ListedReport[] = [];
    for await (const page of this.all({ examId, reviewers, filter, sort: 'priority', descending: true })) {
      found.push(...page.filter(({ summary }) => summary.contests === 0));
    }
    return found;
  }

  /** @param teacherId null: in all exams */
  async ruleOutcomes(teacherId: string | null): Promise<RuleOutcome[]> {
    const examIds = await this.#options.examIdsOf(teacherId);
    for (let at = 0; at < examIds.length; at += examsAtOnce) {
      await this.#bringUpToDate(examIds.slice(at, at + examsAtOnce));
    }
    return this.#options.summaries.ruleOutcomes(teacherId);
  }

  async #bringUpToDate(examIds: readonly string[]): Promise<void> {
    while ((await this.#options.summaries.bringUpToDate(examIds)) > 0);
  }
}
