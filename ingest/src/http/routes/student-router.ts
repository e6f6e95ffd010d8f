import { Router } from 'express';
import type { Request } from 'express';
import type { StudentErasure } from '../../students/student-erasure.ts';
import { studentExport } from '../../students/student-export.ts';
import type { StudentExportOptions } from '../../students/student-export.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { sendStream } from '../send-stream.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { idOf } from '../schemas/request-id.ts';
import type { Throttle } from '../../rate-limit/throttle.ts';
import type { Action } from '../../auth/access-table.ts';

export interface StudentRouterOptions {
  erasure: StudentErasure;
  exporting: StudentExportOptions;
  authorizer: Authorizer;
  exportThrottle: Throttle;
}

/** `/api/v1/students/{member_id}`: exports or erases all data about a student. */
export const studentRouter = ({ erasure, exporting, authorizer, exportThrottle }: StudentRouterOptions): Router => {
  const router = Router();

  const authorizeRequest = async (request: Request, action: Action, examId: string | null = null) => {
    const memberId = idOf(request.params['memberId'], 'member_id');
    const principal = await authorizer.authorize(request, action, { examId, memberId, sessionId: null });
    return { memberId, role: principal.role, userId: principal.userId };
  };

  router.get('/:memberId/export', async (request, response) => {
    const asked = request.query['exam_id'];
    const onlyExam = asked === undefined ? null : idOf(asked, 'exam_id');
    const { memberId, role, userId } = await authorizeRequest(request, 'student.export', onlyExam);
    const waitMs = role === 'ADMIN' ? null : await exportThrottle.take(`${userId} ${memberId}`);
    if (waitMs !== null) {
      throw new HttpProblem('RATE_EXCEEDED', 'a student’s data can be exported every ten seconds', {
        retryAfterSeconds: Math.ceil(waitMs / 1000),
      });
    }
    const reader = role === 'ADMIN' ? 'admin' : 'student';
    response.attachment(`${memberId}_export.json`).type('json').set('Cache-Control', 'no-store');
    await sendStream(studentExport(exporting, memberId, reader, onlyExam), response);
  });

  router.delete('/:memberId', async (request, response) => {
    const { memberId, userId } = await authorizeRequest(request, 'student.erase');
    const result = await erasure.erase(memberId, userId);
    switch (result.status) {
      case 'erased':
        return void response.json({ sessions: result.sessions, rows: result.rows });
      case 'nothing':
        throw new HttpProblem('NOT_FOUND', 'there is no data about this student');
      case 'running':
        throw new HttpProblem('WRONG_STATUS', `cannot erase: sessions still running: ${result.sessionIds.join(', ')}`);
    }
  });

  return router;
};
