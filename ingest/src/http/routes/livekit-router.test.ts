import { decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';

const apiSecret = 'a LiveKit secret of more than thirty-two characters';
let exams: ExamServer;
let examId: string;
beforeAll(async () => {
  exams = await startExamServer({
    LIVEKIT_URL: 'wss://livekit.example.org',
    LIVEKIT_API_KEY: 'the-key',
    LIVEKIT_API_SECRET: apiSecret,
    SESSION_LIFETIME_SECONDS: '600',
  });
  examId = await exams.createExam();
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const token = (who: Person, query: Record<string, string>) =>
  exams.ask(who, 'GET', `/webrtc/livekit/token?${new URLSearchParams(query)}`);
const grantOf = (jwt: string): unknown => decodeJwt(jwt)['video'];

describe('a LiveKit token', () => {
  test('is signed with LiveKit’s secret and ends with the session', async () => {
    const { json } = await token('ada', { exam_id: examId, member_id: 'ada' });
    const { payload } = await jwtVerify(json.token, new TextEncoder().encode(apiSecret));
    expect(payload).toMatchObject({ iss: 'the-key', sub: 'ada', name: 'Ada Lovelace' });
    expect(payload.exp! - payload.nbf!).toBeLessThanOrEqual(600);
    expect(json).toMatchObject({
      url: 'wss://livekit.example.org',
      room: examId,
      identity: 'ada',
      name: 'Ada Lovelace',
    });
  });

  test('lets a student publish audio and video only, and a teacher watch', async () => {
    const none = { canPublishData: false, canSubscribe: false };
    const all = { canPublishData: true, canSubscribe: true };
    const student = await token('ada', { exam_id: examId, member_id: 'ada' });
    expect(grantOf(student.json.token)).toMatchObject({ room: examId, canPublish: true, ...none });
    const teacher = await token('tina', { exam_id: examId, member_id: 'tina' });
    expect(grantOf(teacher.json.token)).toMatchObject({ room: examId, canPublish: true, ...all });
  });

  test('ignores a name that a member asks for, and takes an admin’s for a member without one', async () => {
    const own = await token('ada', { exam_id: examId, member_id: 'ada', name: 'The Teacher' });
    expect(own.json.name).toBe('Ada Lovelace');
    const named = await token('root', { exam_id: examId, member_id: 'bob', name: 'Bob ✓' });
    expect(named.json.name).toBe('Bob ✓');
    expect((await token('bob', { exam_id: examId, member_id: 'bob', name: 'Ada' })).json.name).toBe('bob');
  });

  test.each([
    ['ada', { member_id: 'bob' }, 403],
    ['tina', { member_id: 'ada' }, 403],
    ['tom', { member_id: 'tom' }, 403],
    ['root', { member_id: 'stranger' }, 404],
    ['nobody', { member_id: 'ada' }, 401],
  ] as const)('is not given to %s for %j', async (who, query, status) => {
    expect((await token(who, { exam_id: examId, ...query })).status).toBe(status);
  });

  test('is not given for another exam', async () => {
    const other = await exams.createExam({ students: [{ student_id: 'bob' }] });
    expect(await token('ada', { exam_id: other, member_id: 'ada' })).toMatchObject(
      problem(403, 'ACCESS_DENIED', /does not allow/),
    );
  });

  test.each([
    [{ member_id: 'ada' }, 'exam_id', /is required/],
    [{ exam_id: 'exam-1' }, 'member_id', /is required/],
    [{ exam_id: 'a/b', member_id: 'ada' }, 'exam_id', /must be an id/],
    [{ exam_id: 'exam-1', member_id: 'ada', name: 'x'.repeat(201) }, 'name', /at most 200 characters/],
  ] as [Record<string, string>, string, RegExp][])(
    'names the field that is wrong (%#)',
    async (query, field, detail) => {
      expect(await token('root', query)).toMatchObject(problem(400, 'INVALID_MESSAGE', detail, field));
    },
  );
});
