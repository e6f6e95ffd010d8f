import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { bearer } from '@invigil/testkit/tokens/tokens';
import { problem, startExamServer, statusesOf } from '../../../test/exam-server.ts';
import type { ExamServer } from '../../../test/exam-server.ts';

const burst = 30;
let exams: ExamServer;
beforeAll(async () => {
  exams = await startExamServer({ MAX_MESSAGES_PER_SECOND: '1', MAX_MESSAGE_BURST: String(burst) });
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const path = '/api/v1/session/ws/fallback';
/** A running session of Ada's, and how its page posts. */
const begin = async () => {
  const examId = await exams.createExam();
  const { json } = await exams.ask('ada', 'POST', '/session/start', { exam_id: examId, member_id: 'ada' });
  const sessionId: string = json.session_id;
  const headers = bearer(json.token);
  const post = (message: object, as = headers) =>
    exams.server.ask('POST', path, { session_id: sessionId, ...message }, as);
  return { examId, sessionId, post };
};
const hello = { type: 'hello', client_time_ms: 0 };
const frame = (seq: number) => ({ seq, timestamp: Date.now(), no_of_face: 1 });

describe('messages of a page without sockets', () => {
  test('a batch is acknowledged, and sending it twice changes nothing', async () => {
    const { post } = await begin();
    const batch = { type: 'batch', frames: [frame(0), frame(1)] };
    const [first, second] = [await post(batch), await post(batch)];
    expect(first.json.messages).toMatchObject([{ type: 'ack', up_to_seq: 1 }]);
    expect(second.json.messages).toEqual(first.json.messages);
  });

  test('each of several messages gets the answer that the socket would have sent', async () => {
    const { sessionId, post } = await begin();
    expect((await post({ type: 'ping' })).json.messages).toMatchObject([{ type: 'pong' }]);
    const welcome = { type: 'welcome', session_id: sessionId, up_to_seq: -1 };
    expect((await post(hello)).json.messages[0]).toMatchObject(welcome);
  });

  test('a documented single frame is answered 202', async () => {
    const { sessionId, post } = await begin();
    const answer = await post({ type: 'frame', frame_data: { session_id: sessionId, no_of_face: 1 } });
    expect(answer).toMatchObject({ status: 202, json: { status: 'accepted', session_id: sessionId } });
  });

  test('the message counts, not its content type', async () => {
    const { sessionId, post } = await begin();
    const text = JSON.stringify({ session_id: sessionId, type: 'batch', frames: [frame(0)] });
    const started = await post({ type: 'ping' });
    expect(started.status).toBe(200);
    const asText = await exams.server.ask('POST', path, text, { ...exams.as.ada, 'Content-Type': 'text/plain' });
    expect(asText.json.messages).toMatchObject([{ type: 'ack' }]);
  });

  test('a frame that is invalid is named, and the others of its batch are stored', async () => {
    const { post } = await begin();
    const { json } = await post({ type: 'batch', frames: [frame(0), { ...frame(1), no_of_face: 'two' }, frame(2)] });
    expect(json.messages).toMatchObject([
      { type: 'error', code: 'INVALID_FRAME', seq: 1 },
      { type: 'ack', up_to_seq: 2 },
    ]);
  });
});

describe('refused', () => {
  test.each([
    ['no session id', {}, 'session_id', /is required/],
    ['an invalid session id', { session_id: 'a/b' }, 'session_id', /must be an id/],
  ])('%s', async (_what, body, field, detail) => {
    expect(await exams.server.ask('POST', path, body, exams.as.ada)).toMatchObject(
      problem(400, 'INVALID_MESSAGE', detail, field),
    );
  });

  test('an unknown session, which is not created', async () => {
    const body = { session_id: 'unknown', type: 'ping' };
    expect(await exams.server.ask('POST', path, body, exams.as.root)).toMatchObject(
      problem(404, 'SESSION_NOT_FOUND', 'there is no session with this id'),
    );
    expect((await exams.ask('root', 'GET', '/session/unknown')).status).toBe(404);
  });

  test('frames from anybody but the student’s device', async () => {
    const { post } = await begin();
    const batch = { type: 'batch', frames: [frame(0)] };
    for (const who of ['bob', 'tina', 'tom'] as const) expect((await post(batch, exams.as[who])).status).toBe(403);
    expect((await post(batch, {})).status).toBe(401);
    expect((await post(hello)).json.messages[0]).toMatchObject({ highest_seq: -1 });
  });

  test('a message that names another session inside', async () => {
    const { post } = await begin();
    expect(await post({ frame_data: { session_id: 'another', no_of_face: 1 } })).toMatchObject(
      problem(400, 'INVALID_MESSAGE', /does not match this connection/, 'session_id'),
    );
  });

  test('messages after the end', async () => {
    const { sessionId, post } = await begin();
    expect((await exams.ask('ada', 'POST', `/session/${sessionId}/end`)).status).toBe(204);
    expect((await post({ type: 'batch', frames: [frame(0)] })).json.messages).toMatchObject([
      { type: 'session_ended', session_id: sessionId },
    ]);
    expect(await post({ no_of_face: 1 })).toMatchObject(problem(409, 'SESSION_ENDED', 'the session has ended'));
  });

  test('a message over the limit of size, with the limit', async () => {
    const { post } = await begin();
    const answer = await post({ type: 'batch', frames: [], padding: 'x'.repeat(400_000) });
    expect(answer).toMatchObject(problem(413, 'MESSAGE_TOO_BIG', /larger than allowed: \d+ bytes/));
  });

  test('more messages than one socket may send, per session and with the time to wait', async () => {
    const [greedy, other] = [await begin(), await begin()];
    const startedMs = performance.now();
    const answers = await Promise.all(Array.from({ length: burst + 20 }, () => greedy.post({ type: 'ping' })));
    // One more for each second that the requests took.
    const more = Math.ceil((performance.now() - startedMs) / 1000);
    const accepted = answers.filter(({ status }) => status === 200).length;
    expect(accepted).toBeGreaterThanOrEqual(burst);
    expect(accepted).toBeLessThanOrEqual(burst + more);
    expect(new Set(statusesOf(answers))).toEqual(new Set([200, 429]));
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused).toMatchObject(problem(429, 'RATE_EXCEEDED', /for this session/));
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await other.post({ type: 'ping' })).status).toBe(200);
  });
});
