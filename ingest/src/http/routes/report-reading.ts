import type { Request } from 'express';
import type { Report } from '@invigil/protocol/report';
import type { Principal } from '../../model/principal.ts';
import type { Session } from '../../model/session.ts';
import type { Throttle } from '../../rate-limit/throttle.ts';
import { forStudent, withReview } from '../../reports/review-service.ts';
import type { ReviewService } from '../../reports/review-service.ts';
import type { SessionReports } from '../../reports/session-reports.ts';
import type { LoadSession } from '../middleware/load-session.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import type { ReportText } from './send-report.ts';

export interface ReportReadingOptions {
  find: LoadSession;
  reports: SessionReports;
  reviews: ReviewService;
  /** Whether the exam's policy lets students read their own reports. */
  isForStudents: (examId: string | null) => Promise<boolean>;
  /** One analysis per second, session and reader, as documented; likewise for a report that is computed on request. */
  analyzeThrottle: Throttle;
  reportThrottle: Throttle;
}

export interface WantedReport {
  /** Null: the newest. */
  version: number | null;
  analysisOnly: boolean;
}

/** Finds the requested report, after checking the reader's permission and rate. */
export class ReportReading {
  readonly #options: ReportReadingOptions;

  constructor(options: ReportReadingOptions) {
    this.#options = options;
  }

  async findReadable(request: Request): Promise<{ session: Session; principal: Principal }> {
    const { find, isForStudents } = this.#options;
    const found = await find(request, 'session.read');
    if (found.principal.role === 'STUDENT' && !(await isForStudents(found.session.examId))) {
      throw new HttpProblem('ACCESS_DENIED', 'this exam does not show its reports to students');
    }
    return found;
  }

  /** Counted per reader, so that one who polls continuously does not block the others. */
  async #limit(throttle: Throttle, { sessionId }: Session, { userId }: Principal): Promise<void> {
    const waitMs = await throttle.take(`${sessionId} ${userId}`);
    if (waitMs === null) return;
    throw new HttpProblem('RATE_EXCEEDED', 'each reader may request one analysis of a session per second', {
      retryAfterSeconds: Math.ceil(waitMs / 1000),
    });
  }

  limitAnalysis(session: Session, principal: Principal): Promise<void> {
    return this.#limit(this.#options.analyzeThrottle, session, principal);
  }

  async reportOf(session: Session, { role }: Principal, wanted: WantedReport): Promise<ReportText> {
    const { reports, reviews } = this.#options;
    const { version, analysisOnly } = wanted;
    const found = version === null ? await reports.newest(session) : await reports.kept(session, version);
    if (found === null)
      throw new HttpProblem('NOT_FOUND', 'the session has no report of this version, or it has expired');
    if (found.version === null) return { text: found.report, version: null };
    const review = await reviews.of(session);
    const isReviewed = review.status !== 'open' || review.observations.length > 0 || review.contests.length > 0;
    // A stored report is sent unchanged, byte for byte.
    if (analysisOnly || !isReviewed) return { text: found.report, version: found.version };
    const seen = role === 'STUDENT' ? forStudent(review) : review;
    const text = JSON.stringify(withReview(JSON.parse(found.report) as Report, seen));
    return { text, version: found.version };
  }

  /** The report of a running session is computed for each request, so these are limited. */
  async read(session: Session, principal: Principal, wanted: WantedReport): Promise<ReportText> {
    if (session.status === 'running') await this.#limit(this.#options.reportThrottle, session, principal);
    return this.reportOf(session, principal, wanted);
  }
}
