import { Router, json } from 'express';
import * as v from 'valibot';
import { IdSchema } from '@invigil/protocol/frame';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Principal } from '../../model/principal.ts';
import type { ExamDirectory } from '../../live/exam-directory.ts';
import type { AgentSessionRecords } from '../../records/agent-session-records.ts';
import { HttpProblem } from '../middleware/answer-problems.ts';
import { idOf, principalOf } from '../middleware/request-identity.ts';

export interface PresenceRouterOptions {
  records: AgentSessionRecords;
  exams: ExamDirectory;
  authenticator: Authenticator;
}

const maxAgents = 1000;
const maxClassrooms = 100;
/** What the column holds in Postgres. */
const maxSequenceId = 2 ** 31 - 1;

const wholeNumber = (preset: number, min: number, max: number) =>
  v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number), v.minValue(min), v.maxValue(max)),
    String(preset),
  );
/** The query of a classroom's list. */
export const PageSchema = v.object({
  /** The last one that is known; the page begins after it. */
  sequence_id: wholeNumber(0, 0, maxSequenceId),
  limit: wholeNumber(100, 1, maxAgents),
});
export const CountersSchema = v.object({ classroom_ids: v.pipe(v.array(IdSchema), v.maxLength(maxClassrooms)) });

/** `/api/v1/classrooms/{id}/agents`, `/api/v1/counters/agent` */
export const presenceRouter = ({ records, exams, authenticator }: PresenceRouterOptions): Router => {
  const router = Router();

  const demandEntry = async (principal: Principal, classroomId: string): Promise<void> => {
    if (await exams.mayEnter(principal, classroomId)) return;
    throw new HttpProblem('ACCESS_DENIED', 'this token does not allow that');
  };

  router.get('/classrooms/:classroomId/agents', async (request, response) => {
    const classroomId = idOf(request.params['classroomId'], 'classroom_id');
    await demandEntry(await principalOf(authenticator, request), classroomId);
    const page = v.safeParse(PageSchema, request.query);
    if (!page.success) {
      const field = String(page.issues[0].path?.[0].key);
      throw new HttpProblem(
        'INVALID_MESSAGE',
        `${field} is a whole number; limit is 1–${maxAgents}, sequence_id at most ${maxSequenceId}`,
        { field },
      );
    }
    const agents = await records.list(classroomId, page.output.sequence_id, page.output.limit);
    response.json(agents.map(({ agentId, sequenceId }) => ({ id: agentId, sequence_id: sequenceId })));
  });

  router.post('/counters/agent', json({ limit: 64 * 1024 }), async (request, response) => {
    const principal = await principalOf(authenticator, request);
    const body = v.safeParse(CountersSchema, request.body);
    if (!body.success) {
      throw new HttpProblem('INVALID_MESSAGE', `at most ${maxClassrooms} classroom ids`, { field: 'classroom_ids' });
    }
    for (const classroomId of body.output.classroom_ids) await demandEntry(principal, classroomId);
    response.json(await records.count(body.output.classroom_ids));
  });

  return router;
};
