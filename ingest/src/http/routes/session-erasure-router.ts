import { Router } from 'express';
import type { StudentErasure } from '../../students/student-erasure.ts';
import type { LoadSession } from '../middleware/load-session.ts';
import { HttpProblem } from '../problems/http-problem.ts';

export interface SessionErasureRouterOptions {
  find: LoadSession;
  erasure: StudentErasure;
}

/** `DELETE /api/v1/session/{session_id}`: erases one session, such as one that was started by mistake. */
export const sessionErasureRouter = ({ find, erasure }: SessionErasureRouterOptions): Router => {
  const router = Router();
  router.delete('/:sessionId', async (request, response) => {
    const { session, principal } = await find(request, 'session.erase');
    const result = await erasure.eraseSession(session, principal.userId);
    if (result.status !== 'erased') {
      throw new HttpProblem('WRONG_STATUS', 'cannot erase: the session has not ended; end it first');
    }
    response.json({ sessions: result.sessions, rows: result.rows });
  });
  return router;
};
