import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { ExamClient } from './exam-client.ts';
import { LiveClient, socketOf } from './live-client.ts';
import { SessionClient } from './session-client.ts';

const students = Array.from({ length: 12 }, (_, index) => `s${index}`);
const patience = { timeout: 15_000 };

let postgres: PostgresService;
let redis: Awaited<ReturnType<typeof startRedis>>;
let environment: Record<string, string>;
beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  environment = { AUTH: 'jwt', JWT_SECRET: jwtSecret, DATABASE_URL: postgres.url, REDIS_URL: redis.url };
});
afterAll(async () => {
  await Promise.all([postgres?.remove(), redis?.stop()]);
  await removeFolders();
});

const agentOn = async (server: TestServer, classroomId: string, user: string, role: 'STUDENT' | 'TEACHER') => {
  const agent = await LiveClient.open(`${socketOf(server)}/ws/presence`);
  const token = await tokenOf(user, role);
  agent.send({ type: 'connect_request', payload: { agent_label: 'web', classroom_id: classroomId, token } });
  await agent.next('connect_success');
  return agent;
};

/** The events about each agent or student, in the order received. */
const newsOf = (events: readonly (readonly [about: string, event: string])[]): Record<string, string[]> => {
  const news: Record<string, string[]> = {};
  for (const [about, event] of events) (news[about] ??= []).push(event);
  return news;
};

test('a replica that stops announces every departure exactly once', async () => {
  const [near, far] = [await startServer(environment), await startServer(environment)];
  const teacher = await tokenOf('tina', 'TEACHER');
  const asTeacher = bearer(teacher);
  await far.ask('POST', '/api/v1/exams', { exam_id: 'physics' }, asTeacher);
  const enrolled = { students: students.map((id) => ({ student_id: id })) };
  await far.ask('POST', '/api/v1/exams/physics/enrolments', enrolled, asTeacher);
  await far.ask('POST', '/api/v1/exams/physics/open', undefined, asTeacher);
  const watching = await ExamClient.open(far, 'physics', teacher);
  const observer = await agentOn(far, 'physics', 'tina', 'TEACHER');
  const [moves, moved]: [Promise<void>[], LiveClient[]] = [[], []];
  await Promise.all(
    students.map(async (student, index) => {
      const token = await tokenOf(student, 'STUDENT');
      const start = { exam_id: 'physics', member_id: student };
      const { json } = await near.ask('POST', '/api/v1/session/start', start, bearer(token));
      const session = await new SessionClient(near, json.session_id, `?token=${json.token}`).opened();
      await session.settled();
      const agent = await agentOn(near, 'physics', student, 'STUDENT');
      if (index % 3 === 0) return;
      const asked = agent.next('recoverable_session_error', undefined, 60_000);
      // Some connect to the other replica and then close the old connection, as documented; others close at once.
      moves.push(
        asked.then(async () => {
          if (index % 3 === 1) moved.push(await agentOn(far, 'physics', student, 'STUDENT'));
          agent.socket.close();
        }),
      );
    }),
  );
  const agents = students.flatMap((student) => [`web.${student}`, `session.${student}`]);
  const agentNews = () =>
    newsOf(observer.messages.filter(({ type }) => type === 'event').map(({ payload, label }) => [payload, label]));
  const examNews = () =>
    newsOf(watching.messages.filter((event) => 'student_id' in event).map((event) => [event.student_id, event.type]));
  await expect.poll(() => Object.keys(agentNews()).length, patience).toBe(agents.length);
  await expect.poll(() => Object.keys(examNews()).length, patience).toBe(students.length);

  await near.close();
  await Promise.all(moves);
  for (const { socket } of moved) socket.close();
  await expect
    .poll(agentNews, patience)
    .toEqual(Object.fromEntries(agents.map((agent) => [agent, ['agent.enter', 'agent.leave']])));
  await expect
    .poll(examNews, patience)
    .toEqual(
      Object.fromEntries(students.map((student) => [student, ['participant_joined', 'participant_disconnected']])),
    );
  await far.close();
}, 60_000);
