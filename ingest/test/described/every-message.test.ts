import { afterAll, beforeAll, expect, test } from 'vitest';
import { LiveClient, socketOf } from '../live-client.ts';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { describedMessages, seenMessages } from '@invigil/testkit/described/described-messages';

/** Short intervals, so that the server soon sends every periodic message. */
const brisk = {
  heartbeatMs: 100,
  examStatsMs: 100,
  proctoring: {
    registerWithinMs: 10_000,
    presence: { connectWithinMs: 10_000, pingEveryMs: 30_000, pongWithinMs: 5000, drainMs: 100 },
    alerts: { pingEveryMs: 100, timeoutMs: 60_000, pictureWithinMs: 15_000 },
    escalateAfterMs: 60_000,
  },
};
/** Students' pages are asked for thumbnails; images of sentinel programs are refused. */
const policy = { breaks: true, live_view: 'thumbnails', sentinel_pictures: false };
const patienceMs = 15_000;

let server: TestServer;
let tokens: Record<'teacher' | 'ada' | 'bob', string>;
let examId: string;
let pin: number;

const api = (path: string, body: unknown, token: string) =>
  server.ask('POST', `/api/v1/exams${path}`, body, bearer(token));
const open = (path: string): Promise<LiveClient> => LiveClient.open(socketOf(server) + path);
const hear = (client: LiveClient, type: string) => client.next(type, () => true, patienceMs);

beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret }, brisk, await makeFolder());
  tokens = {
    teacher: await tokenOf('teacher', 'TEACHER'),
    ada: await tokenOf('ada', 'STUDENT'),
    bob: await tokenOf('bob', 'STUDENT'),
  };
  const { json } = await api('', { total_questions: 3, policy }, tokens.teacher);
  examId = json.exam_id;
  pin = Number(json.pin);
  const students = [{ student_id: 'ada' }, { student_id: 'bob' }];
  await api(`/${examId}/enrolments`, { students }, tokens.teacher);
});
afterAll(() => removeFolders());

const exam = async (): Promise<void> => {
  const address = `/api/v1/websocket/${examId}/ws?token=`;
  const teacher = await open(address + tokens.teacher);
  await hear(teacher, 'connected');
  await api(`/${examId}/open`, undefined, tokens.teacher);
  const ada = await open(address + tokens.ada);
  await api(`/${examId}/start`, undefined, tokens.teacher);
  ada.send({ type: 'heartbeat' });
  ada.send({ type: 'dance' });
  await api(`/${examId}/progress`, { passage_index: 0, question_index: 0, question_number: 1 }, tokens.ada);
  await api(`/${examId}/answers`, { question_id: 'q1', question_number: 1, answer: 'B' }, tokens.ada);
  await api(`/${examId}/highlights`, { passage_id: 'p1', text: 'a passage' }, tokens.ada);
  await api(`/${examId}/violations`, { violation_type: 'TAB_SWITCH' }, tokens.ada);
  await api(`/${examId}/requests`, { kind: 'help' }, tokens.ada);
  await server.ask('PATCH', `/api/v1/exams/${examId}`, { total_questions: 20 }, bearer(tokens.teacher));
  await api(`/${examId}/submission`, {}, tokens.ada);
  await Promise.all([hear(ada, 'pong'), hear(ada, 'error')]);
  ada.socket.close();
  await hear(teacher, 'participant_disconnected');
  for (const type of ['exam_changed', 'student_progress', 'student_submitted', 'session_stats'])
    await hear(teacher, type);
};

const phoneFrames = (startMs: number): object[] =>
  Array.from({ length: 110 }, (_, seq) => ({
    seq,
    timestamp: startMs + seq * 200,
    no_of_face: seq < 108 ? 1 : null,
    phone_present: seq >= 20 && seq < 40 ? 1 : 0,
    phone_conf: 90,
  }));

const sessionAlertsAndLive = async (): Promise<void> => {
  const start = { exam_id: examId, member_id: 'ada' };
  const { json } = await server.ask('POST', '/api/v1/session/start', start, bearer(tokens.ada));
  const { session_id: sessionId, token } = json;
  const alerts = await open(`/ws/alerts/teacher?token=${tokens.teacher}`);
  const proctor = await open('/ws/proctor');
  proctor.send({ type: 'proctor.register', payload: { auth: tokens.teacher, unobserved: true }, timestamp: 0 });
  const student = await open(`/api/v1/session/ws/${sessionId}?token=${token}`);
  await proctor.next(
    'server.update-sentinels',
    ({ payload }) => JSON.stringify(payload).includes(sessionId),
    patienceMs,
  );
  proctor.send({ type: 'proctor.subscribe', payload: { sentinelId: sessionId }, timestamp: 0 });
  for (const message of [
    { type: 'hello', client_time_ms: Date.now(), pictures: true },
    { type: 'batch', frames: phoneFrames(Date.now() - 22_000) },
    { type: 'dance' },
  ]) {
    student.send(message);
  }
  const { stream_id, result } = await hear(alerts, 'anomaly_detected');
  await hear(alerts, 'anomaly_ended');
  alerts.send({
    type: 'ack',
    stream_id,
    alert_id: result.alert_id,
    outcome: 'talked_to',
    note: 'It was a calculator.',
  });
  alerts.send({ type: 'ping' });
  alerts.send({ type: 'dance' });
  for (const type of ['alert_acknowledged', 'ping', 'pong', 'error']) await hear(alerts, type);
  await hear(proctor, 'server.frame');
  for (const type of ['welcome', 'ack', 'error', 'heartbeat', 'pictures']) await hear(student, type);
  const guide = (path: string, body: object) =>
    server.ask('POST', `/api/v1/session/${sessionId}/${path}`, body, bearer(tokens.teacher));
  await guide('messages', { text: 'Please turn on a light.' });
  await guide('break', { action: 'begin' });
  for (const type of ['proctor_message', 'break', 'breaks']) await hear(student, type);
  // The last frames of the batch are not observed.
  await proctor.next('server.update-unobserved', ({ payload }) => Number(payload.sentinels.length) > 0, patienceMs);
  // More than the rate limit allows at once.
  for (let count = 0; count < 250; count++) student.send({ type: 'ping' });
  await Promise.all([hear(student, 'slow_down'), hear(student, 'pong')]);
  await server.ask('POST', `/api/v1/session/${sessionId}/end`, undefined, bearer(tokens.teacher));
  await hear(student, 'session_ended');
};

const pictures = async (): Promise<void> => {
  const proctor = await open('/ws/proctor');
  proctor.send({ type: 'proctor.register', payload: { auth: tokens.teacher }, timestamp: 0 });
  const sentinel = await open('/ws/sentinel');
  sentinel.send({ type: 'sentinel.register', payload: { pin, auth: tokens.bob }, timestamp: 0 });
  const { payload } = await hear(sentinel, 'server.registration.ack');
  const sentinelId = String(payload.sentinelId);
  await proctor.next('server.update-sentinels', (list) => JSON.stringify(list).includes(sentinelId), patienceMs);
  proctor.send({ type: 'proctor.subscribe', payload: { sentinelId }, timestamp: 0 });
  proctor.send({ type: 'proctor.set-profile', payload: { sentinelId, profile: 'HIGH' }, timestamp: 0 });
  await hear(sentinel, 'server.set-resolution');
  sentinel.send({ type: 'sentinel.frame', payload: { frameId: 'f', index: 0, data: 'AAAA' }, timestamp: 0 });
  await hear(sentinel, 'server.frame.reject');
  for (const path of ['/ws/sentinel', '/ws/proctor']) {
    const refused = await open(path);
    refused.send({ type: `${path.replace('/ws/', '')}.register`, payload: { pin: 1, auth: 'nonsense' }, timestamp: 0 });
    await hear(refused, 'server.registration.reject');
  }
};

const presence = async (): Promise<void> => {
  const { json: next } = await api('', {}, tokens.teacher);
  await api(
    `/${next.exam_id}/enrolments`,
    { students: [{ student_id: 'ada' }, { student_id: 'bob' }] },
    tokens.teacher,
  );
  const enter = async (token: string): Promise<LiveClient> => {
    const client = await open('/ws/presence');
    client.send({ type: 'connect_request', payload: { agent_label: 'page', classroom_id: next.exam_id, token } });
    return client;
  };
  const ada = await enter(tokens.ada);
  await hear(ada, 'connect_success');
  await enter(tokens.bob);
  await hear(ada, 'event');
  await hear(await enter('nonsense'), 'unrecoverable_session_error');
  const [, lastMessage] = await Promise.all([server.close(), hear(ada, 'recoverable_session_error')]);
  expect(lastMessage.payload.type).toBe('terminated');
};

test('every described message is sent, matches its description, and there are no others', async () => {
  await exam();
  await sessionAlertsAndLive();
  await pictures();
  const teacher = await open(`/api/v1/websocket/${examId}/ws?token=${tokens.teacher}`);
  await hear(teacher, 'connected');
  await api(`/${examId}/complete`, undefined, tokens.teacher);
  await hear(teacher, 'session_completed');
  await presence();
  // LiveClient compares each message with its description.
  expect([...seenMessages].toSorted()).toEqual(describedMessages().toSorted());
}, 60_000);
