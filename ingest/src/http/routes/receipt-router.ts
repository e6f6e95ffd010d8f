import { Router } from 'express';
import type { ReceiptService } from '../../receipts/receipt-service.ts';
import type { LoadSession } from '../middleware/load-session.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { reportVersionOf } from '../schemas/report-version.ts';

/** Public keys and daily roots, for everybody. */
export const publicReceiptRouter = (receipts: ReceiptService): Router => {
  const router = Router();
  router.get('/.well-known/invigil-keys.json', async (_request, response) => {
    response.json({ keys: await receipts.publicKeys() });
  });
  router.get('/.well-known/invigil-roots.json', async (_request, response) => {
    response.json({ roots: await receipts.roots() });
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
