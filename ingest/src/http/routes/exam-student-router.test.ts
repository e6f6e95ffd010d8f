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

const create = async (body: object): Promise<string> => {
  const { json } = await exams.ask('tina', 'POST', '/exams', body);
  await exams.ask('tina', 'POST', `/exams/${json.exam_id}/enrolments`, { students: [{ student_id: 'ada' }] });
  return json.exam_id;
};

describe('the notice of an exam', () => {
  test('tells a student before the exam what holds for it', async () => {
    const organiser = { name: 'City School', contact: 'exams@school.example', privacy_url: 'https://school.example/p' };
    const examId = await create({
      title: 'Physics',
      duration_minutes: 90,
      policy: { live_view: 'thumbnails', organiser, exam_url: 'https://school.example/exam', breaks: true },
    });
    const notice = await exams.ask('ada', 'GET', `/exams/${examId}/notice`);
    expect(notice.json).toMatchObject({
      title: 'Physics',
      status: 'SCHEDULED',
      organiser,
      exam_url: 'https://school.example/exam',
      images: { while_watched: true, with_alerts: false },
      breaks: true,
      retention: { frames_days: 30, reports_days: 365 },
      started_at: null,
      ends_at: null,
    });
    expect(notice.json).not.toHaveProperty('pin');
  });

  test('has the times of a running exam, by the server’s clock', async () => {
    const examId = await create({ duration_minutes: 90 });
    for (const step of ['open', 'start']) await exams.ask('tina', 'POST', `/exams/${examId}/${step}`);
    const { json } = await exams.ask('ada', 'GET', `/exams/${examId}/notice`);
    expect(Date.parse(json.ends_at) - Date.parse(json.started_at)).toBe(90 * 60_000);
    expect(Date.parse(json.server_time)).toBeGreaterThanOrEqual(Date.parse(json.started_at));
  });
});

describe('personal links', () => {
  const links = (examId: string, method = 'GET', body?: object, who: Person = 'tina') =>
    exams.ask(who, method, `/exams/${examId}/links`, body);

  test('let a student in without an account: to one exam, as one student', async () => {
    const examId = await exams.createExam({ students: [{ student_id: 'grace', student_name: 'Grace Hopper' }] });
    const [link] = (await links(examId, 'POST', {})).json.links;
    expect(link).toMatchObject({ student_id: 'grace', student_name: 'Grace Hopper', revoked_at: null });
    expect(link.path).toBe(`/?exam=${examId}#link=${link.token}`);
    const as = bearer(link.token);
    const start = (member: string, exam = examId) =>
      exams.server.ask('POST', '/api/v1/session/start', { exam_id: exam, member_id: member }, as);
    expect((await start('grace')).status).toBe(201);
    expect((await start('ada')).status).toBe(403);
    expect((await start('grace', await exams.createExam({ students: [{ student_id: 'grace' }] }))).status).toBe(403);
    const whole = await exams.server.ask('GET', '/api/v1/students/grace/export', undefined, as);
    expect(whole.status).toBe(403);
    const own = await exams.server.ask('GET', `/api/v1/students/grace/export?exam_id=${examId}`, undefined, as);
    expect(own.json.records.exam_students).toMatchObject([{ exam_id: examId, student_id: 'grace' }]);
  });

  test('stay the same when listed again, and a second call gives only new students one', async () => {
    const examId = await exams.createExam();
    const first = (await links(examId, 'POST', {})).json.links;
    await exams.ask('tina', 'POST', `/exams/${examId}/enrolments`, { students: [{ student_id: 'zoe' }] });
    const second = (await links(examId, 'POST', {})).json.links;
    expect(second.slice(0, 2)).toEqual(first);
    expect(second).toHaveLength(3);
    expect((await links(examId)).json.links).toEqual(second);
  });

  test('created by several requests at the same moment are the same in every answer', async () => {
    const examId = await exams.createExam();
    const answers = await Promise.all(Array.from({ length: 5 }, () => links(examId, 'POST', {})));
    const { json } = await links(examId);
    expect(json.links).toHaveLength(2);
    for (const answer of answers) expect(answer.json).toEqual(json);
  });

  test('stop working when they are revoked or replaced', async () => {
    const examId = await exams.createExam();
    const [ada, bob] = (await links(examId, 'POST', {})).json.links;
    const notice = (token: string) =>
      exams.server.ask('GET', `/api/v1/exams/${examId}/notice`, undefined, bearer(token));
    expect((await notice(ada.token)).status).toBe(200);
    expect((await exams.ask('tina', 'DELETE', `/exams/${examId}/links/ada`)).status).toBe(204);
    await links(examId, 'POST', { student_ids: ['bob'] });
    expect((await notice(ada.token)).status).toBe(401);
    expect((await notice(bob.token)).status).toBe(401);
    const [again, replaced] = (await links(examId)).json.links;
    expect(again).toMatchObject({ student_id: 'ada', token: null, path: null });
    expect((await notice(replaced.token)).status).toBe(200);
    expect(await exams.ask('tina', 'DELETE', `/exams/${examId}/links/ada`)).toMatchObject(
      problem(404, 'NOT_FOUND', /no active link/),
    );
  });

  test('are refused for a student who is not enrolled, and for a time beyond a year', async () => {
    const examId = await exams.createExam();
    expect(await links(examId, 'POST', { student_ids: ['ada', 'stranger'] })).toMatchObject(
      problem(404, 'NOT_FOUND', /not enrolled/),
    );
    expect(await links(examId, 'POST', { valid_days: 366 })).toMatchObject(
      problem(400, 'INVALID_MESSAGE', /./, 'valid_days'),
    );
    expect((await links(examId)).json.links).toEqual([]);
  });
});

describe('a student’s camera check', () => {
  const check = (examId: string, body: object) => exams.ask('ada', 'PUT', `/exams/${examId}/check`, body);

  test('is shown to the teacher, the last one of several', async () => {
    const examId = await exams.createExam({ until: 'none' });
    await check(examId, { items: { camera: 'good', light: 'attention' }, calibrated: false });
    const { json } = await check(examId, { items: { camera: 'good', light: 'good' }, calibrated: true });
    const { students } = (await exams.ask('tina', 'GET', `/exams/${examId}`)).json;
    expect(students[0].check).toEqual({
      items: { camera: 'good', light: 'good' },
      calibrated: true,
      checked_at: json.checked_at,
    });
    expect(students[1].check).toBeNull();
  });

  test('is refused after the exam, and with an unknown item', async () => {
    const examId = await exams.createExam({ until: 'cancel' });
    expect((await check(examId, { items: {}, calibrated: false })).status).toBe(409);
    expect((await check(examId, { items: { mood: 'good' }, calibrated: false })).status).toBe(400);
  });

  test('of somebody who is not enrolled is refused instead of lost', async () => {
    const examId = await exams.createExam({ until: 'none' });
    const body = { student_id: 'stranger', items: {}, calibrated: false };
    expect((await exams.ask('root', 'PUT', `/exams/${examId}/check`, body)).status).toBe(404);
  });
});

describe('a student’s request', () => {
  const ask = (examId: string, body: object) => exams.ask('ada', 'POST', `/exams/${examId}/requests`, body);
  const requestsOf = async (examId: string) => (await exams.ask('tina', 'GET', `/exams/${examId}`)).json.requests;

  test('reaches the exam’s teachers, who mark it done once', async () => {
    const examId = await exams.createExam();
    const { json } = await ask(examId, { kind: 'help', text: 'My screen is black.' });
    await ask(examId, { kind: 'erasure' });
    const done = () => exams.ask('tina', 'POST', `/exams/${examId}/requests/${json.request_id}/done`);
    expect((await done()).status).toBe(204);
    const [, help] = await requestsOf(examId);
    expect((await done()).status).toBe(204);
    expect(help).toMatchObject({ kind: 'help', student_id: 'ada', text: 'My screen is black.', done_by: 'tina' });
    expect((await requestsOf(examId))[1]).toEqual(help);
    expect((await requestsOf(examId))[0]).toMatchObject({ kind: 'erasure', text: null, done_at: null });
  });

  test('for help is refused where the policy allows no chat; one for erasure never is', async () => {
    const examId = await exams.createExam({ policy: { chat: false } });
    expect(await ask(examId, { kind: 'help', text: 'My screen is black.' })).toMatchObject(
      problem(403, 'ACCESS_DENIED', /cannot write to proctors/),
    );
    expect((await ask(examId, { kind: 'erasure' })).status).toBe(201);
    expect((await exams.ask('ada', 'GET', `/exams/${examId}/notice`)).json.chat).toBe(false);
    expect(await requestsOf(examId)).toMatchObject([{ kind: 'erasure' }]);
  });

  test.each([[{ kind: 'praise' }], [{ kind: 'help', text: 'x'.repeat(501) }], [{}]])('%j is refused', async (body) => {
    const examId = await exams.createExam();
    expect((await ask(examId, body)).status).toBe(400);
    expect(await requestsOf(examId)).toEqual([]);
  });

  test('is refused beyond 100 in an exam', async () => {
    const examId = await exams.createExam();
    const answers = await Promise.all(Array.from({ length: 101 }, () => ask(examId, { kind: 'help' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
    expect(await requestsOf(examId)).toHaveLength(100);
  });
});
