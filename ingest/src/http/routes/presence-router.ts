import { Router } from 'express';
import * as v from 'valibot';
import type { Principal } from '../../model/principal.ts';
import type { ExamDirectory } from '../../live/exam-directory.ts';
import type { AgentSessionRecords } from '../../records/agent-session-records.ts';
import { accessDenied } from '../middleware/authorize.ts';
import type { Authorizer } from '../middleware/authorize.ts';
import { readBody } from '../middleware/read-body.ts';
import { HttpProblem } from '../problems/http-problem.ts';
import { CountersSchema, PageSchema, maxAgents, maxSequenceId } from '../schemas/presence-requests.ts';
import { bodyOf } from '../schemas/request-body.ts';
import { idOf } from '../schemas/request-id.ts';

export interface PresenceRouterOptions {
  records: AgentSessionRecords;
  exams: ExamDirectory;
  authorizer: Authorizer;
}

/** `/api/v1/classrooms/{id}/agents`, `/api/v1/counters/agent` */
export const presenceRouter = ({ records, exams, authorizer }: PresenceRouterOptions): Router => {
  const router = Router();

  const requireEntry = async (principal: Principal, classroomId: string): Promise<void> => {
    if (!(await exams.mayEnter(principal, classroomId))) throw accessDenied();
  };

  router.get('/classrooms/:classroomId/agents', async (request, response) => {
    const classroomId = idOf(request.params['classroomId'], 'classroom_id');
    await requireEntry(await authorizer.identify(request), classroomId);
    const page = v.safeParse(PageSchema, request.query);
    if (!page.success) {
      const field = String(page.issues[0].path?.[0].key);
      throw new HttpProblem(
        'INVALID_MESSAGE',
        `${field} must be a whole number: limit is 1–${maxAgents}, sequence_id at most ${maxSequenceId}`,
        { field },
      );
    }
    const agents = await records.list(classroomId, page.output.sequence_id, page.output.limit);
    response.json(agents.map(({ agentId, sequenceId }) => ({ id: agentId, sequence_id: sequenceId })));
  });

  router.post('/counters/agent', readBody(authorizer, { limit: 64 * 1024 }), async (request, response) => {
    const principal = await authorizer.identify(request);
    const { classroom_ids: classroomIds } = bodyOf(CountersSchema, request);
    for (const classroomId of classroomIds) await requireEntry(principal, classroomId);
    response.json(await records.count(classroomIds));
  });

  return router;
};
