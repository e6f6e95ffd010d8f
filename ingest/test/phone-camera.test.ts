import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { bearer } from '@invigil/testkit/tokens/tokens';
import { problem, startExamServer } from './exam-server.ts';
import type { ExamServer } from './exam-server.ts';
import { frames, SessionClient, startMs } from './session-client.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

let exams: ExamServer;
beforeAll(async () => {
  exams = await startExamServer();
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

interface Place {
  examId: string;
  sessionId: string;
  /** The computer's token. */
  token: string;
}

const placeOf = async (phoneCamera = true): Promise<Place> => {
  const examId = await exams.createExam({ policy: { phone_camera: phoneCamera } });
  const { json } = await exams.ask('ada', 'POST', '/session/start', { exam_id: examId, member_id: 'ada' });
  return { examId, sessionId: json.session_id, token: json.token };
};

const ask = (token: string | null, method: string, path: string, body?: unknown) =>
  exams.server.ask(method, `/api/v1${path}`, body, token === null ? {} : bearer(token));
const createLink = async ({ sessionId, token }: Place): Promise<string> => {
  const { status, json } = await ask(token, 'POST', `/session/${sessionId}/camera-link`);
  expect(status).toBe(201);
  return /^\/camera\/#code=(.+)$/.exec(json.path)?.[1] ?? '';
};
const join = (code: string) => ask(null, 'POST', '/camera/join', { code });
const phoneOf = async ({ sessionId, token }: Place): Promise<string> =>
  (await ask(token, 'GET', `/session/${sessionId}/camera`)).json.phone;

/** A page that has said hello. */
const connect = async ({ sessionId }: Place, token: string) => {
  const client = await new SessionClient(exams.server, sessionId, `?token=${token}`).opened();
  client.send({ type: 'hello', client_time_ms: startMs });
  const welcome = await client.next('welcome');
  return { client, welcome };
};
const phoneToken = async (place: Place): Promise<string> => (await join(await createLink(place))).json.token;

const refusedLink = problem(404, 'NOT_FOUND', /was used before, has expired, or does not exist/, 'code');

describe('a link for a phone', () => {
  test('is created only if the exam’s policy allows it', async () => {
    const { sessionId, token } = await placeOf(false);
    const answer = await ask(token, 'POST', `/session/${sessionId}/camera-link`);
    expect(answer).toMatchObject(problem(409, 'WRONG_STATUS', /does not allow a phone/));
  });

  test('can be opened once, and gives the session’s notice', async () => {
    const place = await placeOf();
    const code = await createLink(place);
    expect(await phoneOf(place)).toBe('waiting');
    const answers = await Promise.all([join(code), join(code), join(code)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 404, 404]);
    const opened = answers.find(({ status }) => status === 201)?.json;
    expect(opened).toMatchObject({
      session_id: place.sessionId,
      notice: { exam_id: place.examId, phone_camera: true },
    });
    expect(await phoneOf(place)).toBe('opened');
    expect(await join(code)).toMatchObject(refusedLink);
  });

  test('is replaced by the next one, and unknown codes open nothing', async () => {
    const place = await placeOf();
    const first = await createLink(place);
    await createLink(place);
    for (const code of [first, 'unknown', 'x'.repeat(100)]) expect(await join(code)).toMatchObject(refusedLink);
    expect((await join('')).status).toBe(400);
  });

  test('opens nothing after the end of the session', async () => {
    const place = await placeOf();
    const code = await createLink(place);
    await ask(place.token, 'POST', `/session/${place.sessionId}/end`);
    expect((await join(code)).json.code).toBe('SESSION_ENDED');
    expect((await ask(place.token, 'POST', `/session/${place.sessionId}/camera-link`)).json.code).toBe('SESSION_ENDED');
  });
});

test('a phone continues the numbers and the chain of the computer, and the report states when it was the camera', async () => {
  const place = await placeOf();
  const computer = await connect(place, place.token);
  computer.client.send({ type: 'batch', frames: frames(0, 4) });
  const first = await computer.client.next('ack');

  const phone = await connect(place, await phoneToken(place));
  expect((await computer.client.closed).code).toBe(4001);
  expect(phone.welcome).toMatchObject({ highest_seq: 4, chain: first.chain });
  phone.client.send({ type: 'batch', frames: frames(5, 9) });
  expect(await phone.client.next('ack')).toMatchObject({ up_to_seq: 9 });
  expect(await phoneOf(place)).toBe('connected');
  const state = await exams.ask('tina', 'GET', `/exams/${place.examId}`);
  expect(state.json.students.map((student: { phone_camera: boolean }) => student.phone_camera)).toEqual([true, false]);

  // The computer takes over again: the phone is disconnected, and its token is no longer valid.
  const again = await connect(place, place.token);
  expect((await phone.client.closed).code).toBe(4001);
  expect(again.welcome).toMatchObject({ highest_seq: 9 });
  expect(await phoneOf(place)).toBe('none');

  await ask(place.token, 'POST', `/session/${place.sessionId}/end`);
  const { json } = await exams.ask('tina', 'GET', `/session/${place.sessionId}/report`);
  expect(json.integrity).toMatchObject({ frames: 10, chained: { links: 2 } });
  expect(json.phone_cameras).toEqual([{ from: expect.any(String), to: expect.any(String) }]);
});

test('the phone’s token sends frames over HTTP too, and neither reads, answers nor ends anything', async () => {
  const place = await placeOf();
  const token = await phoneToken(place);
  const { sessionId, examId } = place;
  const send = (message: object) => ask(token, 'POST', '/session/ws/fallback', { session_id: sessionId, ...message });
  expect((await send({ type: 'hello', client_time_ms: startMs })).status).toBe(200);
  expect((await send({ type: 'batch', frames: frames(0, 4) })).json.messages).toMatchObject([{ type: 'ack' }]);
  expect(await phoneOf(place)).toBe('connected');
  const refused = [
    await ask(token, 'POST', `/session/${sessionId}/end`),
    await ask(token, 'GET', `/session/${sessionId}`),
    await ask(token, 'GET', `/session/${sessionId}/report`),
    await ask(token, 'POST', `/session/${sessionId}/camera-link`),
    await ask(token, 'GET', `/session/${sessionId}/camera`),
    await ask(token, 'POST', `/session/${sessionId}/token`),
    await ask(token, 'GET', `/exams/${examId}`),
    await ask(token, 'POST', `/exams/${examId}/answers`, { question_id: 'q', question_number: 1, answer: 'x' }),
    await ask(token, 'POST', `/exams/${examId}/submission`, {}),
    await ask(token, 'POST', `/exams/${examId}/requests`, { kind: 'help', text: null }),
  ];
  expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 403));
});

test('a second phone replaces the first', async () => {
  const place = await placeOf();
  const tokens = [await phoneToken(place), await phoneToken(place)] as const;
  const first = await connect(place, tokens[0]);
  const second = await connect(place, tokens[1]);
  expect((await first.client.closed).code).toBe(4001);
  second.client.close();
  const late = new SessionClient(exams.server, place.sessionId, `?token=${tokens[0]}`);
  expect((await late.closed).code).not.toBe(1000);
  const { json } = await exams.ask('ada', 'GET', `/session/${place.sessionId}`);
  expect(json.status).toBe('running');
  await waitFor(async () => expect(await phoneOf(place)).toBe('connected'));
});
