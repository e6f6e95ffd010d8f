import { Router } from 'express';
import type { Request } from 'express';
import { riskWeightSets } from '@invigil/protocol/report';
import { ruleSets } from '@invigil/protocol/rules';
import type { Report } from '@invigil/protocol/report';
import { forStudent, withReview } from '../../reports/review-service.ts';
import type { ReviewService } from '../../reports/review-service.ts';
import type { SessionReports } from '../../reports/session-reports.ts';
import type { Principal } from '../../model/principal.ts';
import type { Session } from '../../model/session.ts';
import type { LoadSession } from '../middleware/load-session.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { reportFormatOf } from '../schemas/report-format.ts';
import { reportVersionOf } from '../schemas/report-version.ts';
import { sendReport } from './send-report.ts';
import type { ReportText } from './send-report.ts';
import type { Throttle } from '../../rate-limit/throttle.ts';

export interface ReportRouterOptions {
  find: LoadSession;
  reports: SessionReports;
  reviews: ReviewService;
  /** Whether the exam's policy lets students read their own reports. */
  isForStudents: (examId: string | null) => Promise<boolean>;
  /** One analysis per second, session and reader, as documented; likewise for a report that is computed on request. */
  analyzeThrottle: Throttle;
  reportThrottle: Throttle;
}

const oneOf = (known: object, field: string, value: unknown): string | null => {
  if (value === undefined) return null;
  if (typeof value === 'string' && Object.hasOwn(known, value)) return value;
  throw new HttpProblem('INVALID_MESSAGE', `must be one of ${Object.keys(known).join(', ')}`, { field });
};

/** `/api/v1/session/{id}/analyze`, `/report` and `/reports` */
export const reportRouter = (options: ReportRouterOptions): Router => {
  const { find, reports, reviews, isForStudents, analyzeThrottle, reportThrottle } = options;
  const router = Router();

  const findReadable = async (request: Request): Promise<{ session: Session; principal: Principal }> => {
    const found = await find(request, 'session.read');
    if (found.principal.role === 'STUDENT' && !(await isForStudents(found.session.examId))) {
      throw new HttpProblem('ACCESS_DENIED', 'this exam does not show its reports to students');
    }
    return found;
  };

  /** Per reader, so that one who requests constantly does not prevent others from reading. */
  const paced = async (throttle: Throttle, { sessionId }: Session, { userId }: Principal): Promise<void> => {
    const waitMs = await throttle.take(`${sessionId} ${userId}`);
    if (waitMs === null) return;
    throw new HttpProblem('RATE_EXCEEDED', 'each reader can have a session analyzed once a second', {
      retryAfterSeconds: Math.ceil(waitMs / 1000),
    });
  };

  const reportOf = async (
    session: Session,
    { role }: Principal,
    { version, analysisOnly }: { version: number | null; analysisOnly: boolean },
  ): Promise<ReportText> => {
    const found = version === null ? await reports.newest(session) : await reports.kept(session, version);
    if (found === null)
      throw new HttpProblem('NOT_FOUND', 'the session has no report of this version, or it has expired');
    if (found.version === null) return { text: found.report, version: null };
    const review = await reviews.of(session);
    const isReviewed = review.status !== 'open' || review.observations.length > 0 || review.contests.length > 0;
    // Stored reports are sent unchanged, byte for byte.
    if (analysisOnly || !isReviewed) return { text: found.report, version: found.version };
    const seen = role === 'STUDENT' ? forStudent(review) : review;
    return {
      text: JSON.stringify(withReview(JSON.parse(found.report) as Report, seen)),
      version: found.version,
    };
  };

  router.post('/:sessionId/analyze', async (request, response) => {
    const { session, principal } = await findReadable(request);
    const rulesVersion = oneOf(ruleSets, 'rules', request.query['rules']);
    const format = reportFormatOf(request.query['format']);
    const weightsVersion = oneOf(riskWeightSets, 'weights', request.query['weights']);
    if ((rulesVersion === null && weightsVersion === null) || session.status === 'running') {
      await paced(analyzeThrottle, session, principal);
      return sendReport(response, await reportOf(session, principal, { version: null, analysisOnly: false }), format);
    }
    await find(request, 'report.review');
    await paced(analyzeThrottle, session, principal);
    const again = await reports.analyzeAgain(session, { rulesVersion, weightsVersion }, principal.userId);
    if (again === null) throw new HttpProblem('WRONG_STATUS', 'the frames of this session have expired');
    sendReport(response, { text: again.report, version: again.version }, format);
  });

  const readReport = async (
    session: Session,
    principal: Principal,
    wanted: { version: number | null; analysisOnly: boolean },
  ): Promise<ReportText> => {
    if (session.status === 'running') await paced(reportThrottle, session, principal);
    return reportOf(session, principal, wanted);
  };

  router.get('/:sessionId/report', async (request, response) => {
    const { session, principal } = await findReadable(request);
    const { query } = request;
    const format = reportFormatOf(query['format']);
    const version = reportVersionOf(query['version']);
    const analysisOnly = query['review'] === 'none';
    sendReport(response, await readReport(session, principal, { version, analysisOnly }), format);
  });

  router.get('/:sessionId/report/observations.csv', async (request, response) => {
    const { session, principal } = await findReadable(request);
    const version = reportVersionOf(request.query['version']);
    sendReport(response, await readReport(session, principal, { version, analysisOnly: false }), 'csv');
  });

  router.get('/:sessionId/reports', async (request, response) => {
    const { session } = await findReadable(request);
    const list = await reports.list(session);
    response.json({
      reports: list.map(({ version, rulesVersion, createdAt }) => ({
        version,
        rules_version: rulesVersion,
        created_at: createdAt,
      })),
    });
  });

  return router;
};
