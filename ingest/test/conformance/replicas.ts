import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import { loadConfig } from '../../src/config.ts';
import { ExamRecords } from '../../src/records/exam-records.ts';
import { ExamStudentRecords } from '../../src/records/exam-student-records.ts';
import { RecordsDatabase } from '../../src/records/records-database.ts';
import type { RecordsLocation } from '../../src/records/records-database.ts';
import { join } from 'node:path';
import { makeFolder, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startNats } from '@invigil/testkit/services/nats-service';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';

const secret = 'a secret of more than thirty-two characters';

/** The documented intervals, shortened for tests. The time limits are long enough for a client that gets no processor time for a while. */
const timings = {
  connect_within: 4,
  ping_every: 0.6,
  pong_within: 4,
  drain: 4,
  timeout: 6,
  escalate_after: 2,
};

const people = {
  ada: 'STUDENT',
  bob: 'STUDENT',
  stranger: 'STUDENT',
  tina: 'TEACHER',
  tom: 'TEACHER',
  otto: 'TEACHER',
  root: 'ADMIN',
} as const;

export type Topology = 'one replica' | 'two replicas on Redis' | 'two replicas on NATS';

/** What a conformance script needs: addresses, tokens, and timings. */
export type ScriptSettings = Record<string, unknown>;

export interface Replicas {
  settings: ScriptSettings;
  close(): Promise<void>;
}

const tokenOf = (userId: string, role: string, expires = '1h'): Promise<string> =>
  new SignJWT({ user_id: userId, role })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setAudience('invigil')
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret));

const startServices = async (topology: Topology) => {
  if (topology === 'one replica') return { environment: {} as Record<string, string>, stop: async () => undefined };
  const [redis, postgres] = [await startRedis(), await startPostgres()];
  const nats = topology === 'two replicas on NATS' ? await startNats() : null;
  return {
    environment: {
      REDIS_URL: redis.url,
      DATABASE_URL: postgres.url,
      ...(nats === null ? {} : { NATS_URL: nats.url }),
    } as Record<string, string>,
    async stop() {
      await redis.stop();
      await nats?.stop();
      await postgres.remove();
    },
  };
};

/** Two exams with their students and teachers, written directly to the records. */
const fillRecords = async (database: RecordsDatabase): Promise<void> => {
  const exams = new ExamRecords(database);
  const students = new ExamStudentRecords(database);
  const createdAt = new Date().toISOString();
  for (const [examId, pin, teachers] of [
    ['physics', '042017', ['tina', 'tom']],
    ['chemistry', '777001', ['tina']],
    ['music', '777002', ['otto']],
  ] as const) {
    await exams.create({
      examId,
      pin,
      teachers,
      createdAt,
      title: null,
      createdBy: teachers[0],
      scheduledAt: null,
      durationMinutes: null,
      totalQuestions: null,
      policy: v.parse(ExamPolicySchema, examId === 'chemistry' ? { evidence: 'thumbnail' } : {}),
    });
    await exams.step(examId, 'open', createdAt, teachers[0]);
    if (examId === 'music') continue;
    await students.enrol(
      examId,
      [
        { id: 'ada', name: 'Ada Lovelace' },
        { id: 'bob', name: null },
      ],
      createdAt,
    );
  }
};

/** The replicas of a topology with everything that the scripts need; students and proctors use different ones. */
export const startReplicas = async (topology: Topology): Promise<Replicas> => {
  const services = await startServices(topology);
  try {
    return await startOn(topology, services);
  } catch (error) {
    await services.stop();
    throw error;
  }
};

const startOn = async (topology: Topology, services: Awaited<ReturnType<typeof startServices>>): Promise<Replicas> => {
  const folder = await makeFolder();
  const environment = {
    AUTH: 'jwt',
    JWT_SECRET: secret,
    EXAM_STATS_SECONDS: '1',
    ALERT_ESCALATION_SECONDS: String(timings.escalate_after),
    ...services.environment,
  };
  const ms = (seconds: number): number => seconds * 1000;
  const { proctoring } = loadConfig(environment);
  const overrides = {
    proctoring: {
      ...proctoring,
      presence: {
        connectWithinMs: ms(timings.connect_within),
        pingEveryMs: ms(timings.ping_every),
        pongWithinMs: ms(timings.pong_within),
        drainMs: ms(timings.drain),
      },
      alerts: { pingEveryMs: ms(timings.ping_every), timeoutMs: ms(timings.timeout), pictureWithinMs: 15_000 },
    },
  };
  const forStudents = await startServer(environment, overrides, folder);
  const forProctors = topology === 'one replica' ? forStudents : await startServer(environment, overrides, folder);
  const location: RecordsLocation =
    services.environment['DATABASE_URL'] === undefined
      ? { kind: 'sqlite', file: join(forStudents.dataDir, 'records.db') }
      : { kind: 'postgres', url: services.environment['DATABASE_URL'] };
  const database = new RecordsDatabase(location);
  await fillRecords(database);

  const tokens = Object.fromEntries(
    await Promise.all(Object.entries(people).map(async ([id, role]) => [id, await tokenOf(id, role)])),
  ) as Record<keyof typeof people, string>;
  const session = await forStudents.ask(
    'POST',
    '/api/v1/session/start',
    { exam_id: 'physics', member_id: 'ada' },
    { Authorization: `Bearer ${tokens.tina}` },
  );
  const control = await startControl(database, forStudents);
  const socket = (server: TestServer): string => server.origin.replace('http', 'ws');
  return {
    settings: {
      replicas: forStudents === forProctors ? 1 : 2,
      student_base: socket(forStudents),
      proctor_base: socket(forProctors),
      student_http: forStudents.origin,
      proctor_http: forProctors.origin,
      control: control.origin,
      exam_id: 'physics',
      evidence_exam_id: 'chemistry',
      pin: 42_017,
      other_pin: 777_001,
      pin_of_no_exam: 999_998,
      tokens,
      expired_token: await tokenOf('ada', 'STUDENT', '-1m'),
      timings,
      session: { id: session.json.session_id, token: session.json.token },
    },
    async close() {
      control.close();
      await Promise.all([forStudents.close(), forProctors.close()]);
      await database.close();
      await services.stop();
    },
  };
};

/** Lets a script read the history and stop the students' replica, which no client can do. */
const startControl = async (database: RecordsDatabase, replica: TestServer) => {
  const server = createServer((request, response) => {
    const answer = async (): Promise<unknown> => {
      const agentId = /^\/history\/(.+)$/.exec(request.url ?? '')?.[1];
      if (agentId !== undefined) {
        return database.run((db) =>
          db
            .selectFrom('agent_session_history')
            .selectAll()
            .where('agent_id', '=', agentId)
            .orderBy('sequence_id')
            .execute(),
        );
      }
      const closing = replica.close();
      if (request.url === '/terminated') await closing;
      return null;
    };
    answer().then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
};
