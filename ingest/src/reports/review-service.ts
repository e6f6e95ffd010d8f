import type { Report, Review, ReviewRequest } from '@invigil/protocol/report';
import { budgetTable } from '../budget/budget-table.ts';
import type { UsageBudget } from '../budget/usage-budget.ts';
import type { ReviewRecords } from '../records/review-records.ts';
import type { Session } from '../model/session.ts';
import { isoTime } from '../time/iso-time.ts';

export interface ReviewServiceOptions {
  records: ReviewRecords;
  /** Called after a person reviewed the session. */
  onReviewed: (session: Session, review: Review) => void;
  budget: Pick<UsageBudget, 'refused'>;
  now: () => number;
}

/** Records human reviews separately from the analysis, which they never change. */
export class ReviewService {
  readonly #options: ReviewServiceOptions;

  constructor(options: ReviewServiceOptions) {
    this.#options = options;
  }

  of(session: Session): Promise<Review> {
    return this.#options.records.of(session.sessionId);
  }

  audit(session: Session): ReturnType<ReviewRecords['audit']> {
    return this.#options.records.audit(session.sessionId);
  }

  review(session: Session, actor: string, request: ReviewRequest): Promise<Review> {
    return this.#record(session, this.#options.records.review(this.#act(session, actor), request));
  }

  /** Records the review, unless the student has contested an observation. @returns whether it was recorded */
  async reviewUncontested(session: Session, actor: string, request: ReviewRequest): Promise<boolean> {
    const isRecorded = await this.#options.records.reviewUncontested(this.#act(session, actor), request);
    if (isRecorded) await this.#announce(session);
    return isRecorded;
  }

  /** @returns null if the session has reached its limit of contests */
  async contest(session: Session, actor: string, observationId: string, text: string): Promise<Review | null> {
    const { records, budget } = this.#options;
    const { limit } = budgetTable.contests;
    if (await records.contest(this.#act(session, actor), observationId, text, limit)) return this.#announce(session);
    budget.refused('contests');
    return null;
  }

  async #record(session: Session, written: Promise<void>): Promise<Review> {
    await written;
    return this.#announce(session);
  }

  async #announce(session: Session): Promise<Review> {
    const review = await this.of(session);
    this.#options.onReviewed(session, review);
    return review;
  }

  #act({ sessionId, examId }: Session, actor: string) {
    return { sessionId, examId, actor, at: isoTime(this.#options.now()) };
  }
}

/** The review as its student sees it: outcome and marks, without reviewers' names and internal notes. */
export const forStudent = (review: Review): Review => ({
  ...review,
  by: null,
  notes: null,
  observations: review.observations.map((mark) => ({ ...mark, by: null, note: null })),
});

export const withReview = (report: Report, review: Review): Report => ({ ...report, review });
