import { Router } from 'express';
import type { Request, Response } from 'express';
import { ContestRequestSchema, ReviewRequestSchema } from '@invigil/protocol/report';
import type { Report } from '@invigil/protocol/report';
import { forStudent } from '../../reports/review-service.ts';
import type { ReviewService } from '../../reports/review-service.ts';
import type { SessionReports } from '../../reports/session-reports.ts';
import type { Session } from '../../model/session.ts';
import { budgetTable } from '../../budget/budget-table.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import type { LoadSession } from '../middleware/load-session.ts';
import { readBody } from '../middleware/read-body.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { bodyOf } from '../schemas/request-body.ts';

export interface ReviewRouterOptions {
  authorizer: Authorizer;
  find: LoadSession;
  reports: SessionReports;
  reviews: ReviewService;
  isForStudents: (examId: string | null) => Promise<boolean>;
  messageBytes: number;
}

/** `/api/v1/session/{id}/review…` and `/audit`: the human review of a report, and the audit log. */
export const reviewRouter = (options: ReviewRouterOptions): Router => {
  const { authorizer, find, reports, reviews, isForStudents, messageBytes } = options;
  const router = Router();
  const body = readBody(authorizer, { limit: messageBytes });

  /** Reviews can refer only to observations in the report, and only once the session is over. */
  const demandObservations = async (session: Session, ids: readonly string[]): Promise<void> => {
    const kept = await reports.kept(session);
    if (kept === null)
      throw new HttpProblem('WRONG_STATUS', 'the session has no report: it is running, or its report has expired');
    const known = new Set((JSON.parse(kept.report) as Report).observations.map(({ id }) => id));
    const unknown = ids.find((id) => !known.has(id));
    if (unknown === undefined) return;
    throw new HttpProblem('NOT_FOUND', `the report has no observation ${JSON.stringify(unknown)}`, {
      field: 'observations',
    });
  };

  const demandForStudents = async ({ examId }: Session): Promise<void> => {
    if (await isForStudents(examId)) return;
    throw new HttpProblem('ACCESS_DENIED', 'this exam does not show its reports to students');
  };

  const review = async (request: Request, response: Response): Promise<void> => {
    const { session, principal } = await find(request, 'report.review');
    const entry = bodyOf(ReviewRequestSchema, request);
    await demandObservations(
      session,
      entry.observations.map(({ id }) => id),
    );
    response.json(await reviews.review(session, principal.userId, entry));
  };

  router.put('/:sessionId/review', body, review);
  router.post('/:sessionId/review', body, review);

  router.get('/:sessionId/review', async (request, response) => {
    const { session, principal } = await find(request, 'session.read');
    if (principal.role === 'STUDENT') await demandForStudents(session);
    const current = await reviews.of(session);
    response.json(principal.role === 'STUDENT' ? forStudent(current) : current);
  });

  router.post('/:sessionId/review/observations/:observationId/contest', body, async (request, response) => {
    const { session, principal } = await find(request, 'report.contest');
    await demandForStudents(session);
    const observationId = String(request.params['observationId']);
    const { text } = bodyOf(ContestRequestSchema, request);
    await demandObservations(session, [observationId]);
    const contested = await reviews.contest(session, principal.userId, observationId, text);
    if (contested === null) {
      throw new HttpProblem('RATE_EXCEEDED', `a session can have at most ${budgetTable.contests.limit} contests`);
    }
    response.status(201).json(forStudent(contested));
  });

  router.get('/:sessionId/audit', async (request, response) => {
    const { session } = await find(request, 'report.review');
    response.json({ audit: await reviews.audit(session) });
  });

  return router;
};
