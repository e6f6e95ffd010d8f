import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExamClient } from './exam-client.ts';
import { LiveClient, socketOf } from './live-client.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startNats } from '@invigil/testkit/services/nats-service';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { waitFor } from '@invigil/testkit/timers/waits';

let postgres: PostgresService;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres?.remove();
  await removeFolders();
});

const bus = async (server: TestServer): Promise<string> => (await server.ask('GET', '/healthz')).json.parts.bus;
const reads = (server: TestServer, state: RegExp): Promise<void> =>
  waitFor(async () => expect(await bus(server)).toMatch(state), 10_000);
const works = /^ok$/;
const isLost = /^no (connection to (NATS|Redis)|answer in time)$/;

/** A student who enters another exam on the replica that is not told of its cancellation: exam channel, camera, presence. */
const enterOther = async (near: TestServer, far: TestServer, otherExam: string, teacher: string, ada: string) => {
  const { json } = await near.ask('POST', '/api/v1/exams', { exam_id: otherExam }, bearer(teacher));
  await near.ask(
    'POST',
    `/api/v1/exams/${otherExam}/enrolments`,
    { students: [{ student_id: 'ada' }] },
    bearer(teacher),
  );
  await near.ask('POST', `/api/v1/exams/${otherExam}/open`, undefined, bearer(teacher));
  const page = await ExamClient.open(far, otherExam, ada);
  const closed: Promise<{ code: number; reason: string }>[] = [page.closed];
  const enter = async (path: string, message: object, answer: string): Promise<void> => {
    const client = await LiveClient.open(`${socketOf(far)}${path}`);
    client.send(message);
    await client.next(answer);
    closed.push(once(client.socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) })));
  };
  const camera = { type: 'sentinel.register', payload: { pin: Number(json.pin), auth: ada }, timestamp: 0 };
  const agent = { type: 'connect_request', payload: { agent_label: 'web', classroom_id: otherExam, token: ada } };
  await enter('/ws/sentinel', camera, 'server.registration.ack');
  await enter('/ws/presence', agent, 'connect_success');
  return closed;
};

test.each([
  ['NATS_URL', startNats],
  ['REDIS_URL', startRedis],
] as const)(
  'a replica that loses its bus at %s reports it, serves its own clients, and catches up afterwards',
  async (variable, start) => {
    const service = await start();
    const environment = { AUTH: 'jwt', JWT_SECRET: jwtSecret, DATABASE_URL: postgres.url, [variable]: service.url };
    const [near, far] = [await startServer(environment), await startServer(environment)];
    await Promise.all([reads(near, works), reads(far, works)]);
    const [teacher, ada] = [await tokenOf('teacher', 'TEACHER'), await tokenOf('ada', 'STUDENT')];
    const { json: exam } = await near.ask('POST', '/api/v1/exams', {}, bearer(teacher));
    const [path, otherExam] = [`/api/v1/exams/${exam.exam_id}`, `cancelled-${variable}`];
    await near.ask('POST', `${path}/enrolments`, { students: [{ student_id: 'ada' }] }, bearer(teacher));
    await near.ask('POST', `${path}/open`, undefined, bearer(teacher));
    const watching = await ExamClient.open(near, exam.exam_id, teacher);
    const atCancelled = await enterOther(near, far, otherExam, teacher, ada);
    const older = await ExamClient.open(near, exam.exam_id, ada);
    await watching.next('participant_joined');

    await service.stop();
    await Promise.all([reads(near, isLost), reads(far, isLost)]);
    // The first replica cannot be notified that the student has connected to the other one.
    const newer = await ExamClient.open(far, exam.exam_id, ada);
    await older.settled();
    // Its own clients still receive its own events.
    await near.ask('POST', `${path}/start`, undefined, bearer(teacher));
    await watching.next('session_started');
    await older.next('session_started');
    await newer.settled();
    expect(newer.types()).not.toContain('session_started');

    await near.ask('POST', `/api/v1/exams/${otherExam}/cancel`, undefined, bearer(teacher));

    await service.start();
    await Promise.all([reads(near, works), reads(far, works)]);
    const cancelled = { code: 1000, reason: 'the exam is CANCELLED' };
    expect(await Promise.all(atCancelled)).toEqual([cancelled, cancelled, cancelled]);
    // An event of the exam that was missed comes once.
    await newer.next('session_started');
    expect(await older.closed).toMatchObject({ code: 1000, reason: 'replaced by a newer connection' });
    // The client reads missed events over REST; from now on it receives every event again.
    expect((await far.ask('GET', path, undefined, bearer(ada))).json.status).toBe('IN_PROGRESS');
    await near.ask('POST', `${path}/complete`, undefined, bearer(teacher));
    expect(await newer.next('session_completed')).toMatchObject({ session_id: exam.exam_id });
    await watching.close();
    await newer.close();
    await Promise.all([near.close(), far.close()]);
    await service.stop();
  },
  60_000,
);
