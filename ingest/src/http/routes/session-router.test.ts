import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { bearer } from '@invigil/testkit/tokens/tokens';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';

let exams: ExamServer;
beforeAll(async () => {
  exams = await startExamServer();
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const start = (who: Person, body: unknown) => exams.ask(who, 'POST', '/session/start', body);
const begin = async (examId: string, memberId = 'ada') =>
  (await start('tina', { exam_id: examId, member_id: memberId })).json.session_id as string;

describe('starting a session', () => {
  test('returns the session, its token and its socket address', async () => {
    const examId = await exams.createExam();
    const { status, json } = await start('ada', { exam_id: examId, member_id: 'ada' });
    expect(status).toBe(201);
    expect(json).toMatchObject({ exam_id: examId, member_id: 'ada' });
    expect(json.ws_url).toBe(`${exams.server.origin.replace('http', 'ws')}/api/v1/session/ws/${json.session_id}`);
    expect(decodeJwt(json.token)).toMatchObject({ sub: 'ada', role: 'STUDENT', session_id: json.session_id });
    expect(Date.parse(json.token_expires_at) - Date.parse(json.started_at)).toBeGreaterThan(14_398_000);
  });

  test('again continues the running session with a new token', async () => {
    const examId = await exams.createExam();
    const [first, second] = [
      await start('ada', { exam_id: examId, member_id: 'ada' }),
      await start('ada', { exam_id: examId, member_id: 'ada' }),
    ];
    expect(second.json.session_id).toBe(first.json.session_id);
    const path = `/api/v1/session/${first.json.session_id}`;
    for (const { json } of [first, second]) {
      expect((await exams.server.ask('GET', path, undefined, bearer(json.token))).status).toBe(200);
    }
  });

  test('after its end begins another one', async () => {
    const examId = await exams.createExam();
    const first = await begin(examId);
    expect((await exams.ask('tina', 'POST', `/session/${first}/end`)).status).toBe(204);
    expect(await begin(examId)).not.toBe(first);
  });

  test.each([
    [{ member_id: 'ada' }, 'exam_id', /is required/],
    [{ exam_id: 'physics' }, 'member_id', /is required/],
    [{ exam_id: 'a/b', member_id: 'ada' }, 'exam_id', /must be an id/],
    [{ exam_id: 'physics', member_id: 7 }, 'member_id', /must be an id/],
    [{ exam_id: ['physics'], member_id: 'ada' }, 'exam_id', /must be an id/],
    [undefined, 'exam_id', /is required/],
  ])('refuses %j and names the field', async (body, field, detail) => {
    expect(await start('tina', body)).toMatchObject(problem(400, 'INVALID_MESSAGE', detail, field));
  });

  test('is for the student, for the exam’s teachers and for admins', async () => {
    const examId = await exams.createExam();
    const body = { exam_id: examId, member_id: 'bob' };
    const statuses = [];
    for (const who of ['bob', 'tina', 'root', 'ada', 'tom', 'nobody'] as const)
      statuses.push((await start(who, body)).status);
    expect(statuses).toEqual([201, 201, 201, 403, 403, 401]);
  });

  test.each([
    ['none', 'ada', 409, 'the exam is SCHEDULED; it is not open yet'],
    ['none', 'tina', 201, null],
    ['open', 'ada', 201, null],
    ['complete', 'tina', 409, 'the exam is COMPLETED'],
    ['cancel', 'ada', 409, 'the exam is CANCELLED'],
  ] as const)('of an exam taken as far as %s by %s is answered %i', async (until, who, status, detail) => {
    const examId = await exams.createExam({ until });
    const answer = await start(who, { exam_id: examId, member_id: 'ada' });
    expect([answer.status, answer.json.detail ?? null]).toEqual([status, detail]);
  });

  test('by a teacher enrols the student and, in an unknown exam, makes the teacher its teacher', async () => {
    const examId = 'platform-1';
    expect((await start('tom', { exam_id: examId, member_id: 'new-student' })).status).toBe(201);
    const { json } = await exams.ask('tom', 'GET', `/exams/${examId}`);
    expect(json).toMatchObject({ status: 'IN_PROGRESS', teachers: ['tom'], pin: null });
    expect(json.students).toMatchObject([{ student_id: 'new-student', sessions: [{ status: 'running' }] }]);
    expect((await start('tina', { exam_id: examId, member_id: 'new-student' })).status).toBe(403);
  });
});

describe('reading a session', () => {
  test('shows its status to its student and teachers only', async () => {
    const examId = await exams.createExam();
    const id = await begin(examId);
    for (const who of ['ada', 'tina', 'root'] as const) {
      expect((await exams.ask(who, 'GET', `/session/${id}`)).json).toEqual({
        session_id: id,
        exam_id: examId,
        member_id: 'ada',
        status: 'running',
        started_at: expect.any(String),
        ended_at: null,
        may_run_without: { camera: false, image_analysis: false, storage: true, lock: true },
      });
    }
    for (const who of ['bob', 'tom'] as const) {
      expect(await exams.ask(who, 'GET', `/session/${id}`)).toMatchObject(
        problem(403, 'ACCESS_DENIED', /does not allow/),
      );
    }
  });

  test('says what the exam’s policy lets the browser lack', async () => {
    const sessions = [
      await begin(await exams.createExam({ policy: { may_run_without: { camera: true, lock: false } } })),
      await begin('unrecorded'),
    ];
    const answers = await Promise.all(sessions.map((id) => exams.ask('ada', 'GET', `/session/${id}`)));
    expect(answers.map(({ json }) => json.may_run_without)).toEqual([
      { camera: true, image_analysis: false, storage: true, lock: false },
      { camera: false, image_analysis: false, storage: true, lock: true },
    ]);
  });

  test('answers 404 for an unknown session and 400 for an invalid id', async () => {
    expect(await exams.ask('root', 'GET', '/session/unknown')).toMatchObject(
      problem(404, 'SESSION_NOT_FOUND', 'there is no session with this id'),
    );
    expect(await exams.ask('root', 'GET', '/session/a:b')).toMatchObject(
      problem(400, 'INVALID_MESSAGE', /must be an id/, 'session_id'),
    );
  });

  test('with a session’s token is limited to that session', async () => {
    const examId = await exams.createExam();
    const own = await start('ada', { exam_id: examId, member_id: 'ada' });
    const other = await begin(examId, 'bob');
    const read = (id: string) => exams.server.ask('GET', `/api/v1/session/${id}`, undefined, bearer(own.json.token));
    expect((await read(own.json.session_id)).status).toBe(200);
    expect((await read(other)).status).toBe(403);
  });
});

describe('ending a session', () => {
  test('is idempotent, also when two ask at once', async () => {
    const id = await begin(await exams.createExam());
    const ends = await Promise.all(
      ['ada', 'tina'].map((who) => exams.ask(who as Person, 'POST', `/session/${id}/end`)),
    );
    expect(ends.map(({ status }) => status)).toEqual([204, 204]);
    const ended = (await exams.ask('ada', 'GET', `/session/${id}`)).json;
    expect(ended).toMatchObject({ status: 'ended', ended_at: expect.any(String) });
    expect((await exams.ask('ada', 'POST', `/session/${id}/end`)).status).toBe(204);
    expect((await exams.ask('ada', 'GET', `/session/${id}`)).json.ended_at).toBe(ended.ended_at);
    expect((await exams.ask('ada', 'GET', `/session/${id}/reports`)).json.reports).toHaveLength(1);
  });

  test('is refused to others, and the session continues', async () => {
    const id = await begin(await exams.createExam());
    for (const who of ['bob', 'tom'] as const) {
      expect((await exams.ask(who, 'POST', `/session/${id}/end`)).status).toBe(403);
    }
    expect((await exams.ask('ada', 'GET', `/session/${id}`)).json.status).toBe('running');
  });

  test('of an unknown session is answered 404', async () => {
    expect((await exams.ask('root', 'POST', '/session/unknown/end')).status).toBe(404);
  });
});
