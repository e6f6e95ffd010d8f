import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ExamClient } from './exam-client.ts';
import { removeFolders, startServer } from './ingest-server.ts';
import type { TestServer } from './ingest-server.ts';
import { startNats } from './services/nats-service.ts';
import { startPostgres } from './services/postgres-service.ts';
import type { PostgresService } from './services/postgres-service.ts';
import { bearer, jwtSecret, tokenOf } from './tokens.ts';

let postgres: PostgresService;
let nats: Awaited<ReturnType<typeof startNats>>;
let near: TestServer;
let far: TestServer;

beforeAll(async () => {
  [postgres, nats] = [await startPostgres(), await startNats()];
  const environment = { AUTH: 'jwt', JWT_SECRET: jwtSecret, DATABASE_URL: postgres.url, NATS_URL: nats.url };
  [near, far] = [await startServer(environment), await startServer(environment)];
});
afterAll(async () => {
  await Promise.all([near.close(), far.close()]);
  await nats.stop();
  await postgres.remove();
  await removeFolders();
});

const bus = async (server: TestServer): Promise<string> => (await server.ask('GET', '/healthz')).json.parts.bus;
const reads = (server: TestServer, state: string): Promise<void> =>
  vi.waitFor(async () => {
    if ((await bus(server)) !== state) throw new Error(`the bus is not ${state}`);
  }, 10_000);

test('a replica that loses its bus says so, serves its own clients, and puts right what it missed', async () => {
  await Promise.all([reads(near, 'ok'), reads(far, 'ok')]);
  const [teacher, ada] = [await tokenOf('teacher', 'TEACHER'), await tokenOf('ada', 'STUDENT')];
  const { json: exam } = await near.ask('POST', '/api/v1/exams', {}, bearer(teacher));
  const path = `/api/v1/exams/${exam.exam_id}`;
  await near.ask('POST', `${path}/enrolments`, { students: [{ student_id: 'ada' }] }, bearer(teacher));
  const watching = await ExamClient.open(near, exam.exam_id, teacher);
  const older = await ExamClient.open(near, exam.exam_id, ada);
  await watching.next('participant_joined');

  await nats.stop();
  await Promise.all([reads(near, 'unavailable'), reads(far, 'unavailable')]);
  // Nobody can tell the first replica that the student has come to the other one.
  const newer = await ExamClient.open(far, exam.exam_id, ada);
  await older.settled();
  // Its own clients hear its own news all the same.
  await near.ask('POST', `${path}/open`, undefined, bearer(teacher));
  await watching.next('waiting_room_opened');
  await older.next('waiting_room_opened');
  await newer.settled();
  expect(newer.types()).not.toContain('waiting_room_opened');

  await nats.start();
  await Promise.all([reads(near, 'ok'), reads(far, 'ok')]);
  expect(await older.closed).toMatchObject({ code: 1000, reason: 'replaced by a newer connection' });
  // What it missed it reads over REST; from now on it hears everything again.
  expect((await far.ask('GET', path, undefined, bearer(ada))).json.status).toBe('WAITING');
  await near.ask('POST', `${path}/start`, undefined, bearer(teacher));
  expect(await newer.next('session_started')).toMatchObject({ connected_students: ['ada'] });
  await watching.close();
  await newer.close();
});
