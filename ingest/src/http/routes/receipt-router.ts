import { Router } from 'express';
import type { ReceiptService } from '../../receipts/receipt-service.ts';
import { monotonicMs } from '../../time/monotonic-time.ts';
import { sharedResult } from '../../time/shared-result.ts';
import type { LoadSession } from '../middleware/load-session.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { reportVersionOf } from '../schemas/report-version.ts';

/** Anybody may ask, so all requests within this time share one answer. */
const sharedMs = 1000;

/** Public keys and daily roots, for everybody. */
export const publicReceiptRouter = (receipts: ReceiptService): Router => {
  const router = Router();
  const keys = sharedResult(() => receipts.publicKeys(), sharedMs, monotonicMs);
  const roots = sharedResult(() => receipts.roots(), sharedMs, monotonicMs);
  router.get('/.well-known/invigil-keys.json', async (_request, response) => {
    response.json({ keys: await keys() });
  });
  router.get('/.well-known/invigil-roots.json', async (_request, response) => {
    response.json({ roots: await roots() });
  });
  return router;
};

/** `/api/v1/session/{session_id}/receipt`, of the newest report or of `?version=` */
export const receiptRouter = (find: LoadSession, receipts: ReceiptService): Router => {
  const router = Router();
  router.get('/:sessionId/receipt', async (request, response) => {
    const { session } = await find(request, 'session.read');
    const answer = await receipts.find(session.sessionId, reportVersionOf(request.query['version']));
    if (answer === null) throw new HttpProblem('NOT_FOUND', 'the session has no receipt for this report version');
    response.json(answer);
  });
  return router;
};
