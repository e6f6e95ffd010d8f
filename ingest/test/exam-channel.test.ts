import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ExamClient } from './exam-client.ts';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startNats } from '@invigil/testkit/services/nats-service';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { SessionClient } from './session-client.ts';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { waitFor } from '@invigil/testkit/timers/waits';

let postgres: PostgresService;
let tokens: Record<'teacher' | 'other' | 'ada' | 'bob' | 'eve' | 'admin', string>;

beforeAll(async () => {
  postgres = await startPostgres();
  tokens = {
    teacher: await tokenOf('teacher', 'TEACHER'),
    other: await tokenOf('other-teacher', 'TEACHER'),
    ada: await tokenOf('ada', 'STUDENT'),
    bob: await tokenOf('bob', 'STUDENT'),
    eve: await tokenOf('eve', 'STUDENT'),
    admin: await tokenOf('admin', 'ADMIN'),
  };
});
afterAll(async () => {
  await postgres.remove();
  await removeFolders();
});

interface Replicas {
  name: string;
  /** Students connect to the first, teachers to the second. */
  start: () => Promise<{ servers: [TestServer, TestServer]; stop: () => Promise<void> }>;
}

const auth = { AUTH: 'jwt', JWT_SECRET: jwtSecret };
const overrides = { examStatsMs: 200 };

const two = async (
  environment: Record<string, string>,
  stopServices: () => Promise<void>,
): ReturnType<Replicas['start']> => {
  const all = { ...auth, ...environment, DATABASE_URL: postgres.url };
  const servers: [TestServer, TestServer] = [await startServer(all, overrides), await startServer(all, overrides)];
  return {
    servers,
    async stop() {
      await Promise.all(servers.map((server) => server.close()));
      await stopServices();
    },
  };
};

const replicas: Replicas[] = [
  {
    name: 'on one replica without services',
    async start() {
      const server = await startServer(auth, overrides, await makeFolder());
      return { servers: [server, server], stop: () => server.close() };
    },
  },
  {
    name: 'on two replicas over Redis',
    async start() {
      const redis = await startRedis();
      return two({ REDIS_URL: redis.url }, () => redis.stop());
    },
  },
  {
    name: 'on two replicas over NATS',
    async start() {
      const [redis, nats] = [await startRedis(), await startNats()];
      return two({ REDIS_URL: redis.url, NATS_URL: nats.url }, async () => {
        await redis.stop();
        await nats.stop();
      });
    },
  },
];

describe.each(replicas)('exam channel $name', ({ start }) => {
  let stop: () => Promise<void>;
  let near: TestServer;
  let far: TestServer;
  let examId: string;
  const clients: ExamClient[] = [];

  beforeAll(async () => {
    const started = await start();
    [near, far] = started.servers;
    stop = started.stop;
    // A replica that is not connected to the bus yet is not healthy.
    await waitFor(async () => {
      for (const server of [near, far]) {
        const { text } = await server.ask('GET', '/healthz');
        if (!text.includes('"status":"ok"')) throw new Error(text);
      }
    }, 5000);
  });
  afterAll(() => stop());

  const connect = async (server: TestServer, token: string): Promise<ExamClient> => {
    const client = await ExamClient.open(server, examId, token);
    clients.push(client);
    return client;
  };
  const ask = (token: string, path: string, body?: unknown, server = near) =>
    server.ask('POST', `/api/v1/exams/${examId}/${path}`, body, bearer(token));
  const step = async (name: string): Promise<void> => {
    expect(await ask(tokens.teacher, name, undefined, far)).toMatchObject({ status: 200 });
  };
  const begin = async (): Promise<void> => {
    await step('open');
    await step('start');
  };

  beforeEach(async () => {
    const body = { title: 'Physics', total_questions: 40 };
    const { json } = await far.ask('POST', '/api/v1/exams', body, bearer(tokens.teacher));
    examId = json.exam_id;
    const students = [
      { student_id: 'ada', student_name: 'Ada L' },
      { student_id: 'bob', student_name: 'Bob M' },
    ];
    await ask(tokens.teacher, 'enrolments', { students });
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });

  test('runs through the documented life cycle, and notifies everyone', async () => {
    const teacher = await connect(far, tokens.teacher);
    await step('open');
    const base = { session_id: examId, timestamp: expect.stringMatching(/^\d{4}-.*Z$/) };
    expect(await teacher.next('waiting_room_opened')).toEqual({ type: 'waiting_room_opened', ...base });
    expect(await teacher.next('session_status_changed')).toEqual({
      type: 'session_status_changed',
      ...base,
      status: 'WAITING',
    });
    const ada = await connect(near, tokens.ada);
    const joined = { type: 'participant_joined', ...base, student_id: 'ada', connected_count: 1 };
    expect(await teacher.next('participant_joined')).toEqual(joined);
    const bob = await connect(far, tokens.bob);
    // A student receives events about others, not about themselves.
    expect(await ada.next('participant_joined')).toMatchObject({ student_id: 'bob', connected_count: 2 });
    expect(ada.types()).not.toContain('participant_joined');
    await bob.close();
    expect(await teacher.next('participant_disconnected')).toMatchObject({ student_id: 'bob', connected_count: 1 });
    await step('start');
    for (const client of [ada, teacher]) {
      const started = await client.next('session_started');
      expect(started).toEqual({
        type: 'session_started',
        ...base,
        started_at: started.timestamp,
        connected_students: ['ada'],
      });
      expect(await client.next('session_status_changed')).toMatchObject({ status: 'IN_PROGRESS' });
    }
    await step('complete');
    for (const client of [ada, teacher]) {
      const completed = await client.next('session_completed');
      expect(completed).toEqual({ type: 'session_completed', ...base, completed_at: completed.timestamp });
      expect(await client.next('session_status_changed')).toMatchObject({ status: 'COMPLETED' });
    }
    // Students are disconnected, with a code after which documented clients do not reconnect; teachers see the last
    // submissions.
    expect(await ada.closed).toEqual({ code: 1000, reason: 'the exam is COMPLETED' });
    expect(await teacher.next('participant_disconnected')).toEqual({
      type: 'participant_disconnected',
      ...base,
      student_id: 'ada',
      connected_count: 0,
    });
  });

  test('lets students enter only while the waiting room is open or the exam runs', async () => {
    const refusedAs = async (token: string): Promise<unknown> => {
      const client = new ExamClient(near, examId, token);
      expect((await client.closed).code).toBe(1008);
      return client.messages[0];
    };
    const wrongStatus = (text: string) => ({ code: 'WRONG_STATUS', message: expect.stringContaining(text) });
    await connect(near, tokens.teacher);
    expect(await refusedAs(tokens.ada)).toMatchObject(wrongStatus('SCHEDULED'));
    await begin();
    const ada = await connect(near, tokens.ada);
    await step('complete');
    await ada.closed;
    expect(await refusedAs(tokens.ada)).toMatchObject(wrongStatus('COMPLETED'));
    await connect(near, tokens.teacher);
  });

  test('disconnects everyone from an exam that is cancelled, and admits nobody afterwards', async () => {
    await step('open');
    const members = [await connect(near, tokens.ada), await connect(far, tokens.teacher)];
    await step('cancel');
    for (const member of members) {
      expect(await member.next('session_status_changed', ({ status }) => status === 'CANCELLED')).toBeDefined();
      expect(await member.closed).toEqual({ code: 1000, reason: 'the exam is CANCELLED' });
    }
    const late = new ExamClient(near, examId, tokens.admin);
    expect((await late.closed).code).toBe(1008);
    expect(late.messages).toMatchObject([{ code: 'WRONG_STATUS' }]);
  });

  test('answers heartbeats, and anything else with an error', async () => {
    await step('open');
    const ada = await connect(near, tokens.ada);
    ada.send({ type: 'heartbeat' });
    expect(await ada.next('pong')).toEqual({ type: 'pong' });
    for (const wrong of ['no json', '[]', { type: 'shout' }, { type: 7 }]) {
      ada.send(wrong);
      expect(await ada.next('error')).toEqual({
        type: 'error',
        code: 'INVALID_MESSAGE',
        message: expect.any(String),
      });
    }
  });

  test.each([
    ['a bad token', () => 'nonsense', 'AUTH_FAILED'],
    ['an expired token', () => tokenOf('ada', 'STUDENT', '-1m'), 'AUTH_FAILED'],
    ['a student of another class', () => tokens.eve, 'ACCESS_DENIED'],
    ['a teacher of another class', () => tokens.other, 'ACCESS_DENIED'],
  ])('refuses %s with 1008', async (_who, token, code) => {
    const client = new ExamClient(near, examId, await token());
    expect((await client.closed).code).toBe(1008);
    expect(client.messages).toEqual([{ type: 'error', code, message: expect.any(String) }]);
  });

  test('closes a connection when its token expires', async () => {
    await step('open');
    const client = await connect(near, await tokenOf('ada', 'STUDENT', '2s'));
    expect((await client.closed).code).toBe(4004);
  });

  test('refuses an exam that does not exist with 1008', async () => {
    const client = new ExamClient(near, 'no-such-exam', tokens.admin);
    expect((await client.closed).code).toBe(1008);
    expect(client.messages).toMatchObject([{ code: 'SESSION_NOT_FOUND' }]);
  });

  test('sends teachers, and no students, what a student does', async () => {
    await begin();
    const [teacher, admin] = [await connect(far, tokens.teacher), await connect(near, tokens.admin)];
    const [ada, bob] = [await connect(near, tokens.ada), await connect(far, tokens.bob)];
    const position = { passage_index: 0, question_index: 5, question_number: 6 };
    const long = `${'x'.repeat(99)}𝄞${'y'.repeat(50)}`;
    expect((await ask(tokens.ada, 'progress', position)).status).toBe(204);
    const answer = { question_id: 'q-6', question_number: 6, answer: 'B' };
    expect(await ask(tokens.ada, 'answers', answer)).toMatchObject({ status: 201, json: { is_update: false } });
    expect(await ask(tokens.ada, 'answers', { ...answer, answer: 'C' })).toMatchObject({ json: { is_update: true } });
    expect((await ask(tokens.ada, 'highlights', { passage_id: 'p-1', text: long })).status).toBe(201);
    expect(await ask(tokens.ada, 'violations', { violation_type: 'TAB_SWITCH' })).toMatchObject({
      status: 201,
      json: { recorded: true, total_count: 1 },
    });
    expect(await ask(tokens.ada, 'submission', {})).toMatchObject({ status: 200, json: { score: null } });
    const timestamp = expect.stringMatching(/Z$/);
    const of = { session_id: examId, student_id: 'ada', student_name: 'Ada L', timestamp };
    for (const client of [teacher, admin]) {
      expect(await client.next('student_progress')).toEqual({ type: 'student_progress', ...of, ...position });
      const answered = {
        type: 'student_answer',
        ...of,
        question_id: 'q-6',
        question_number: 6,
        answered: true,
      };
      expect(await client.next('student_answer')).toEqual({ ...answered, is_update: false });
      expect(await client.next('student_answer')).toEqual({ ...answered, is_update: true });
      expect(await client.next('student_highlight')).toEqual({
        type: 'student_highlight',
        ...of,
        text: `${'x'.repeat(99)}𝄞`,
        passage_id: 'p-1',
      });
      expect(await client.next('violation')).toEqual({
        type: 'violation',
        student_id: 'ada',
        violation_type: 'TAB_SWITCH',
        timestamp,
        total_count: 1,
      });
      expect(await client.next('student_submitted')).toEqual({
        type: 'student_submitted',
        ...of,
        score: null,
        time_taken_seconds: expect.any(Number),
        answered_questions: 1,
        total_questions: 40,
      });
    }
    // Events of one replica keep their order, so the end of the exam comes after all of the above.
    await step('cancel');
    for (const student of [ada, bob]) {
      await student.next('session_status_changed', ({ status }) => status === 'CANCELLED');
      expect(student.types().filter((type) => type.startsWith('student_') || type === 'violation')).toEqual([]);
    }
  });

  test('accepts one violation a second per type and student, on any replica', async () => {
    await begin();
    const teacher = await connect(far, tokens.teacher);
    const report = (token: string, type: string, server: TestServer) =>
      ask(token, 'violations', { violation_type: type }, server);
    const answers = await Promise.all([
      report(tokens.ada, 'COPY_ATTEMPT', near),
      report(tokens.ada, 'COPY_ATTEMPT', far),
      report(tokens.ada, 'COPY_ATTEMPT', near),
      report(tokens.ada, 'COPY_ATTEMPT', far),
    ]);
    expect(answers.filter(({ json }) => json.recorded)).toHaveLength(1);
    expect((await report(tokens.ada, 'PASTE_ATTEMPT', far)).json).toEqual({ recorded: true, total_count: 2 });
    expect((await report(tokens.bob, 'COPY_ATTEMPT', far)).json).toEqual({ recorded: true, total_count: 1 });
    await teacher.next('violation', ({ student_id }) => student_id === 'bob');
    await teacher.next('violation', ({ violation_type }) => violation_type === 'PASTE_ATTEMPT');
    await teacher.next('violation', ({ violation_type }) => violation_type === 'COPY_ATTEMPT');
    await expect
      .poll(async () => (await report(tokens.ada, 'COPY_ATTEMPT', near)).json, { timeout: 15_000, interval: 100 })
      .toEqual({ recorded: true, total_count: 3 });
    expect(await teacher.next('violation')).toMatchObject({ violation_type: 'COPY_ATTEMPT', total_count: 3 });
    expect(teacher.types()).not.toContain('violation');
  });

  test('publishes progress at most every two seconds, and finally the last position', async () => {
    await begin();
    const teacher = await connect(far, tokens.teacher);
    for (let question = 1; question <= 6; question++) {
      const position = { passage_index: 0, question_index: question - 1, question_number: question };
      expect((await ask(tokens.ada, 'progress', position, question % 2 === 0 ? near : far)).status).toBe(204);
    }
    const first = await teacher.next('student_progress');
    const last = await teacher.next('student_progress', ({ question_number }) => question_number === 6);
    expect(Date.parse(last.timestamp) - Date.parse(first.timestamp)).toBeGreaterThanOrEqual(1900);
  });

  test('a newer connection of the same person replaces the older one', async () => {
    const teacher = await connect(far, tokens.teacher);
    await step('open');
    const older = await connect(near, tokens.ada);
    await teacher.next('participant_joined');
    const newer = await connect(far, tokens.ada);
    expect(await older.closed).toEqual({ code: 1000, reason: 'replaced by a newer connection' });
    await newer.settled();
    // The older connection's clean-up is done once its replica announces a student who joined later.
    const bob = await connect(near, tokens.bob);
    expect(await teacher.next('participant_joined')).toMatchObject({ student_id: 'bob', connected_count: 2 });
    expect(teacher.types()).not.toContain('participant_disconnected');
    await newer.close();
    expect(await teacher.next('participant_disconnected')).toMatchObject({ student_id: 'ada', connected_count: 1 });
    await bob.close();
    expect(await teacher.next('participant_disconnected')).toMatchObject({ student_id: 'bob', connected_count: 0 });
  });

  test('sends statistics to teachers only', async () => {
    await begin();
    const [ada, teacher] = [await connect(near, tokens.ada), await connect(far, tokens.teacher)];
    await connect(far, tokens.bob);
    for (const question_number of [1, 2, 3]) {
      await ask(tokens.ada, 'answers', { question_id: `q-${question_number}`, question_number, answer: 'A' });
    }
    await ask(tokens.ada, 'violations', { violation_type: 'RIGHT_CLICK' });
    await ask(tokens.ada, 'submission', {});
    const { stats } = await teacher.next('session_stats', (message) => message.stats.submitted_count === 1);
    expect(stats).toEqual({
      total_participants: 2,
      connected_count: 2,
      submitted_count: 1,
      average_progress: 1.5,
      total_violations: 1,
    });
    expect(ada.types()).not.toContain('session_stats');
  });

  test('shows students with a proctoring session as present, and their page’s violations', async () => {
    await begin();
    const teacher = await connect(far, tokens.teacher);
    const body = { exam_id: examId, member_id: 'ada' };
    const { json, status } = await near.ask('POST', '/api/v1/session/start', body, bearer(tokens.ada));
    expect(status).toBe(201);
    const session = await new SessionClient(near, json.session_id, `?token=${json.token}`).opened();
    expect(await teacher.next('participant_joined')).toMatchObject({ student_id: 'ada', connected_count: 1 });
    // The same student on the exam channel still counts once; the session's own token opens it.
    const room = await connect(far, json.token);
    const timestamp = Date.now();
    const page_violations = [
      { type: 'TAB_SWITCH', timestamp: timestamp - 5000 },
      { type: 'TAB_SWITCH', timestamp: timestamp - 4900 },
      { type: 'TAB_SWITCH', timestamp: timestamp - 2000 },
    ];
    const frame = { seq: 0, timestamp, no_of_face: 1, page_violations };
    session.send({ type: 'batch', frames: [frame], chain: null });
    session.send({ type: 'batch', frames: [frame], chain: null });
    const counted = await teacher.next('violation', ({ total_count }) => total_count === 2);
    expect(counted).toMatchObject({ student_id: 'ada', violation_type: 'TAB_SWITCH' });
    session.close();
    await room.close();
    expect(await teacher.next('participant_disconnected')).toMatchObject({ student_id: 'ada', connected_count: 0 });
  });

  test('ends the proctoring sessions of an exam that is over', async () => {
    await begin();
    const body = { exam_id: examId, member_id: 'ada' };
    const { json } = await near.ask('POST', '/api/v1/session/start', body, bearer(tokens.ada));
    const session = await new SessionClient(near, json.session_id, `?token=${json.token}`).opened();
    await step('complete');
    expect((await session.closed).code).toBe(4000);
    expect(session.messages).toContainEqual(expect.objectContaining({ type: 'session_ended' }));
    const path = `/api/v1/session/${json.session_id}`;
    await expect
      .poll(async () => (await near.ask('GET', path, undefined, bearer(tokens.ada))).json.status)
      .toBe('ended');
  });
});
