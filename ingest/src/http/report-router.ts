import { Router } from 'express';
import type { SessionReports } from '../analysis/session-reports.ts';
import type { Session } from '../sessions/session.ts';
import type { FindSession } from './find-session.ts';
import { HttpProblem } from './problem-answer.ts';
import type { Throttle } from './throttle.ts';

export interface ReportRouterOptions {
  find: FindSession;
  reports: SessionReports;
  /** At most one analysis a second for each session. */
  analyzeThrottle: Throttle;
}

/** `/api/v1/session/{id}/analyze` and `/report` */
export const reportRouter = ({ find, reports, analyzeThrottle }: ReportRouterOptions): Router => {
  const router = Router();

  const reportOf = async (session: Session): Promise<string> => {
    const kept = await reports.kept(session);
    if (kept !== null) return kept;
    const waitMs = await analyzeThrottle.take(session.sessionId);
    if (waitMs !== null) {
      throw new HttpProblem('RATE_EXCEEDED', 'a session is analysed at most once a second', {
        retryAfterSeconds: Math.ceil(waitMs / 1000),
      });
    }
    return reports.running(session);
  };

  router.post('/:sessionId/analyze', async (request, response) => {
    const { session } = await find(request, 'session.read');
    response.type('json').send(await reportOf(session));
  });

  router.get('/:sessionId/report', async (request, response) => {
    const { session } = await find(request, 'session.read');
    response.type('json').send(await reportOf(session));
  });

  return router;
};
