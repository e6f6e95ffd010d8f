import { join } from 'node:path';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LiveClient } from '../../test/live-client.ts';
import { localBus } from '../../test/local-bus.ts';
import { serveChannels } from '../../test/serve-channels.ts';
import { UsageBudget } from '../budget/usage-budget.ts';
import { presenceTimings } from '../config/channel-timings.ts';
import { ExamEvents } from '../exams/exam-events.ts';
import { openExamDirectory } from '../live/exam-directory.ts';
import type { ExamDirectory } from '../live/exam-directory.ts';
import { ExamStays } from '../live/exam-stays.ts';
import { recordsUnavailable } from '../model/ingest-error.ts';
import type { Principal } from '../model/principal.ts';
import { PresenceService } from '../presence/presence-service.ts';
import { AgentSessionRecords } from '../records/agent-session-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { ReplicaRecords } from '../records/replica-records.ts';
import { ReplicaHeartbeat } from '../replicas/replica-heartbeat.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { presenceChannel } from './presence.ts';

let database: RecordsDatabase;
beforeAll(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
});
afterAll(async () => {
  await database.close();
  await removeFolders();
});

const log = pino({ level: 'silent' });
const person = (userId: string, role: Principal['role']): Principal => ({
  userId,
  role,
  sessionId: null,
  examId: null,
  expiresAtMs: null,
});
const people: Record<string, Principal> = {
  ada: person('ada', 'STUDENT'),
  bob: person('bob', 'STUDENT'),
  tina: person('tina', 'TEACHER'),
};

/** The channel with real presence and records. */
const start = async (
  exams: Partial<ExamDirectory> = {},
  { agents = 10, connectWithinMs = presenceTimings.connectWithinMs } = {},
) => {
  const now = Date.now;
  const heartbeat = new ReplicaHeartbeat({ replicaId: 'here', records: new ReplicaRecords(database), log, now });
  const bus = localBus();
  const presence = new PresenceService({ heartbeat, bus, records: new AgentSessionRecords(database), log, now });
  const unlimited = { perSecond: 1e6, burst: 1e6 };
  onTestFinished(async () => {
    await presence.close();
    await heartbeat.close();
    await bus.close();
  });
  const channel = presenceChannel({
    presence,
    exams: { ...openExamDirectory, ...exams },
    stays: new ExamStays({ bus, statusOf: async () => null, onError: () => undefined }),
    authenticator: { principalOf: async (token) => people[token ?? ''] ?? null },
    budget: new UsageBudget({
      rates: {
        frames: unlimited,
        requests: unlimited,
        addressRequests: unlimited,
        addressRefusals: unlimited,
        launches: unlimited,
        presenceVisits: unlimited,
      },
      most: { connections: 10, presenceAgents: agents },
      metrics: createMetrics(),
      monotonicMs: () => 0,
    }),
    // Nobody moves to another replica when the test ends.
    timings: { ...presenceTimings, connectWithinMs, drainMs: 1 },
    now,
  });
  const url = `${await serveChannels([channel])}/ws/presence`;
  return { presence, bus, open: () => LiveClient.open(url) };
};

const request = (token: string | null, label = 'web', classroom = 'physics') => ({
  type: 'connect_request',
  payload: { agent_label: label, classroom_id: classroom, token },
});
const errorOf = async (client: LiveClient): Promise<[string, number]> => {
  const { payload } = await client.next('unrecoverable_session_error');
  return [payload.type, await client.closed];
};

test.each([
  ['is no JSON', 'no JSON', 'serialization_failed', 1003],
  ['has no type', '{}', 'serialization_failed', 1003],
  ['has a label with a space', JSON.stringify(request('ada', 'a label')), 'serialization_failed', 1003],
  ['has a path as classroom', JSON.stringify(request('ada', 'web', '../x')), 'serialization_failed', 1003],
  ['is of another type', '{"type":"subscribe"}', 'unsupported_request', 1008],
])('a first message that %s ends the connection', async (_name, text, type, code) => {
  const { open, presence } = await start();
  const client = await open();
  client.socket.send(text);
  expect(await errorOf(client)).toEqual([type, code]);
  expect(presence.size).toBe(0);
});

test('a client without a valid token is refused before its exam is looked up', async () => {
  let lookedUp = 0;
  const { open } = await start({
    async mayEnter() {
      lookedUp += 1;
      return true;
    },
  });
  for (const token of [null, 'mallory']) {
    const client = await open();
    client.send(request(token));
    expect(await errorOf(client)).toEqual(['unauthenticated', 1008]);
  }
  expect(lookedUp).toBe(0);
});

test('a student may not enter the classroom of another exam', async () => {
  const { open } = await start({ mayEnter: async (_principal, examId) => examId === 'physics' });
  const client = await open();
  client.send(request('ada', 'web', 'maths'));
  expect(await errorOf(client)).toEqual(['access_denied', 1008]);
});

test('a second request on the same connection ends it, and the agent leaves', async () => {
  const { open, presence } = await start();
  const client = await open();
  client.send(request('ada'));
  await client.next('connect_success');
  client.send(request('ada', 'tablet'));
  expect(await errorOf(client)).toEqual(['unsupported_request', 1008]);
  await expect.poll(() => presence.size).toBe(0);
});

test('records that are away ask the client to come back, and keep no place', async () => {
  const { open, presence } = await start({
    async mayEnter() {
      throw recordsUnavailable('away');
    },
  });
  const client = await open();
  client.send(request('ada'));
  expect(await errorOf(client)).toEqual(['internal_server_error', 1013]);
  expect(presence.size).toBe(0);
});

test('an agent over the limit of its student is refused until another one leaves', async () => {
  const { open, presence } = await start({}, { agents: 1 });
  const first = await open();
  first.send(request('ada', 'web'));
  await first.next('connect_success');
  const second = await open();
  second.send(request('ada', 'tablet'));
  expect(await errorOf(second)).toEqual(['access_denied', 1013]);
  const other = await open();
  other.send(request('bob', 'web'));
  await other.next('connect_success');
  first.socket.close();
  await first.closed;
  await expect.poll(() => presence.size).toBe(1);
  const third = await open();
  third.send(request('ada', 'tablet'));
  await third.next('connect_success');
});

test('a newer connection of the same agent replaces the older one, which is told so', async () => {
  const { open, presence } = await start();
  const [older, newer] = [await open(), await open()];
  older.send(request('ada'));
  await older.next('connect_success');
  newer.send(request('ada'));
  await newer.next('connect_success');
  expect((await errorOf(older))[0]).toBe('replaced');
  expect(presence.size).toBe(1);
});

test.each(['COMPLETED', 'CANCELLED'] as const)('an exam that is %s already closes for good', async (status) => {
  const { open } = await start({ closedTo: async () => ({ state: 'over', status }) });
  const client = await open();
  client.send(request('ada'));
  expect(await errorOf(client)).toEqual(['access_denied', 1000]);
});

test('the end of an exam closes its students; a cancellation its teachers as well', async () => {
  const { open, bus, presence } = await start();
  const [ada, tina] = [await open(), await open()];
  ada.send(request('ada'));
  tina.send(request('tina'));
  await Promise.all([ada.next('connect_success'), tina.next('connect_success')]);
  const ofExam = { session_id: 'physics', timestamp: '2026-01-05T10:00:00.000Z' };
  new ExamEvents(bus).toAll({ type: 'session_status_changed', ...ofExam, status: 'COMPLETED' });
  expect(await errorOf(ada)).toEqual(['access_denied', 1000]);
  await expect.poll(() => presence.size).toBe(1);
  new ExamEvents(bus).toAll({ type: 'session_status_changed', ...ofExam, status: 'CANCELLED' });
  expect(await errorOf(tina)).toEqual(['access_denied', 1000]);
});

test('a client that sends nothing in time is told and closed', async () => {
  const { open } = await start({}, { connectWithinMs: 1 });
  expect((await errorOf(await open()))[0]).toBe('auth_timed_out');
});
