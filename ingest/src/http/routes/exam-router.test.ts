import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer, statusesOf } from '../../../test/exam-server.ts';
import type { ExamServer } from '../../../test/exam-server.ts';

let exams: ExamServer;
beforeAll(async () => {
  exams = await startExamServer();
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const create = (body: unknown) => exams.ask('tina', 'POST', '/exams', body);
const read = (who: 'tina' | 'ada', examId: string) => exams.ask(who, 'GET', `/exams/${examId}`);

describe('creating an exam', () => {
  test('returns the exam, its teachers and its address', async () => {
    const { status, json, headers } = await create({
      exam_id: 'physics-1',
      title: 'Physik für Anfänger 🔭',
      scheduled_at: '2026-01-05T09:00:00Z',
      duration_minutes: 90,
      total_questions: 12,
      teachers: ['tom', 'tina', 'tom'],
    });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/api/v1/exams/physics-1');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(json).toMatchObject({
      exam_id: 'physics-1',
      title: 'Physik für Anfänger 🔭',
      status: 'SCHEDULED',
      created_by: 'tina',
      scheduled_at: '2026-01-05T09:00:00Z',
      duration_minutes: 90,
      total_questions: 12,
      pin: expect.stringMatching(/^[1-9]\d{5}$/),
      teachers: ['tina', 'tom'],
      opened_at: null,
    });
  });

  test('generates an id if none is given', async () => {
    const [one, other] = [await create({}), await create({})];
    expect(one.json.exam_id).toMatch(/^[\da-f-]{36}$/);
    expect(one.json.exam_id).not.toBe(other.json.exam_id);
    expect(one.json.pin).not.toBe(other.json.pin);
  });

  test.each([
    ['an id with a slash', { exam_id: 'a/b' }, 'exam_id'],
    ['an empty title', { title: '' }, 'title'],
    ['a title of 301 characters', { title: 'x'.repeat(301) }, 'title'],
    ['a time that is none', { scheduled_at: 'tomorrow' }, 'scheduled_at'],
    ['a duration of zero', { duration_minutes: 0 }, 'duration_minutes'],
    ['a duration of more than a week', { duration_minutes: 10_081 }, 'duration_minutes'],
    ['half a question', { total_questions: 0.5 }, 'total_questions'],
    ['a teacher with an invalid id', { teachers: ['tom', 'a b'] }, 'teachers.1'],
    ['201 teachers', { teachers: Array.from({ length: 201 }, (_, at) => `t${at}`) }, 'teachers'],
    ['a policy that does not exist', { policy: { evidence: 'video' } }, 'policy.evidence'],
  ])('refuses %s and names the field', async (_what, body, field) => {
    const answer = await create(body);
    expect(answer).toMatchObject(problem(400, 'INVALID_MESSAGE', /./, field));
    expect(answer.json.title).toBe('Bad Request');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  test('refuses the character U+0000, which Postgres cannot store', async () => {
    expect(await create({ title: 'a\0b' })).toMatchObject(problem(400, 'INVALID_MESSAGE', /U\+0000/));
  });

  test('refuses a body that is not JSON or not an object', async () => {
    expect(await create('{"exam_id":')).toMatchObject(problem(400, 'BAD_JSON', /could not be read/));
    expect(await create([])).toMatchObject(problem(400, 'INVALID_MESSAGE', 'the body must be a JSON object'));
    expect(await create('null')).toMatchObject(problem(400, 'BAD_JSON', /could not be read/));
  });

  test('refuses JSON that is sent as text instead of creating an empty exam', async () => {
    const headers = { ...exams.as.tina, 'Content-Type': 'text/plain' };
    const answer = await exams.server.ask('POST', '/api/v1/exams', '{"exam_id":"as-text"}', headers);
    expect(answer).toMatchObject(problem(400, 'BAD_JSON', /Content-Type: application\/json/));
    expect((await exams.ask('root', 'GET', '/exams/as-text')).status).toBe(404);
  });

  test('gives an id to one of five who claim it at once', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => create({ exam_id: 'claimed-at-once' })));
    expect(statusesOf(answers)).toEqual([201, 409, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused).toMatchObject(problem(409, 'ALREADY_EXISTS', 'an exam with this id already exists'));
  });
});

describe('listing exams', () => {
  test('shows a teacher their own exams, newest first, and an admin all', async () => {
    const own = await exams.createExam({ until: 'none' });
    await exams.ask('tom', 'POST', '/exams', { exam_id: 'toms-own' });
    const idsFor = async (who: 'tina' | 'tom' | 'root'): Promise<string[]> =>
      (await exams.ask(who, 'GET', '/exams')).json.exams.map(({ exam_id }: { exam_id: string }) => exam_id);
    expect(await idsFor('tina')).toContain(own);
    expect(await idsFor('tina')).not.toContain('toms-own');
    expect((await idsFor('tom'))[0]).toBe('toms-own');
    expect(await idsFor('root')).toEqual(expect.arrayContaining([own, 'toms-own']));
  });

  test('is refused to students', async () => {
    expect(await exams.ask('ada', 'GET', '/exams')).toMatchObject(problem(403, 'ACCESS_DENIED', /does not allow/));
  });
});

describe('enrolling students', () => {
  const enrol = (examId: string, body: unknown) => exams.ask('tina', 'POST', `/exams/${examId}/enrolments`, body);

  test('adds students once, keeps their names and lists them by id', async () => {
    const examId = await exams.createExam({ students: [], until: 'none' });
    await enrol(examId, { students: [{ student_id: 'zoe', student_name: 'Zoë Ångström' }] });
    await enrol(examId, { students: [{ student_id: 'zoe' }, { student_id: 'ada' }, { student_id: 'ada' }] });
    const { json } = await read('tina', examId);
    expect(json.students.map((s: Record<string, unknown>) => [s['student_id'], s['student_name']])).toEqual([
      ['ada', 'ada'],
      ['zoe', 'Zoë Ångström'],
    ]);
  });

  test('takes 2000 students in one request and refuses 2001', async () => {
    const examId = await exams.createExam({ students: [], until: 'none' });
    const students = (count: number) => Array.from({ length: count }, (_, at) => ({ student_id: `s${at}` }));
    expect(await enrol(examId, { students: students(2001) })).toMatchObject(
      problem(400, 'INVALID_MESSAGE', /./, 'students'),
    );
    expect((await read('tina', examId)).json.students).toEqual([]);
    expect((await enrol(examId, { students: students(2000) })).status).toBe(204);
    expect((await read('tina', examId)).json.students).toHaveLength(2000);
  });

  test.each([
    ['no list', {}, 'students', /is required/],
    ['an empty list', { students: [] }, 'students', /./],
    ['an invalid id', { students: [{ student_id: 'ok' }, { student_id: 'a:b' }] }, 'students.1.student_id', /letters/],
    ['an empty name', { students: [{ student_id: 'ok', student_name: '' }] }, 'students.0.student_name', /./],
  ])('refuses %s and enrols no student', async (_what, body, field, detail) => {
    const examId = await exams.createExam({ students: [], until: 'none' });
    expect(await enrol(examId, body)).toMatchObject(problem(400, 'INVALID_MESSAGE', detail, field));
    expect((await read('tina', examId)).json.students).toEqual([]);
  });

  test('is refused once the exam is over', async () => {
    const examId = await exams.createExam({ until: 'cancel' });
    expect(await enrol(examId, { students: [{ student_id: 'late' }] })).toMatchObject(
      problem(409, 'WRONG_STATUS', 'cannot enrol students: the exam is CANCELLED'),
    );
  });
});

describe('the steps of an exam', () => {
  const step = (examId: string, name: string, who: 'tina' | 'tom' | 'ada' | 'nobody' = 'tina') =>
    exams.ask(who, 'POST', `/exams/${examId}/${name}`);

  test('lead from SCHEDULED to COMPLETED and note the time of each', async () => {
    const examId = await exams.createExam({ until: 'none' });
    for (const [name, status, moment] of [
      ['open', 'WAITING', 'opened_at'],
      ['start', 'IN_PROGRESS', 'started_at'],
      ['complete', 'COMPLETED', 'completed_at'],
    ] as const) {
      const { json } = await step(examId, name);
      expect(json).toMatchObject({ status, [moment]: expect.stringMatching(/Z$/) });
    }
  });

  test.each([
    ['none', 'start', 'an exam that is SCHEDULED cannot be started; it must be WAITING'],
    ['none', 'complete', 'an exam that is SCHEDULED cannot be completed; it must be IN_PROGRESS'],
    ['open', 'open', 'an exam that is WAITING cannot be opened; it must be SCHEDULED'],
    ['start', 'start', 'an exam that is IN_PROGRESS cannot be started; it must be WAITING'],
    [
      'complete',
      'cancel',
      'an exam that is COMPLETED cannot be cancelled; it must be SCHEDULED or WAITING or IN_PROGRESS',
    ],
    ['cancel', 'open', 'an exam that is CANCELLED cannot be opened; it must be SCHEDULED'],
  ] as const)('after %s, refuse %s and say which status is needed', async (until, name, detail) => {
    const examId = await exams.createExam({ until });
    expect(await step(examId, name)).toMatchObject(problem(409, 'WRONG_STATUS', detail));
  });

  test('start an exam once if two teachers press start at the same time', async () => {
    const examId = await exams.createExam({ until: 'open' });
    const answers = await Promise.all([step(examId, 'start'), step(examId, 'start')]);
    expect(statusesOf(answers)).toEqual([200, 409]);
  });

  test('are for the exam’s teachers only', async () => {
    const examId = await exams.createExam({ until: 'none' });
    expect((await step(examId, 'open', 'tom')).status).toBe(403);
    expect((await step(examId, 'open', 'ada')).status).toBe(403);
    const anonymous = await step(examId, 'open', 'nobody');
    expect(anonymous).toMatchObject(problem(401, 'AUTH_FAILED', /token is missing/));
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
    expect((await read('tina', examId)).json.status).toBe('SCHEDULED');
  });

  test('of an unknown exam are refused to a teacher and answered 404 to an admin', async () => {
    expect((await step('no-such-exam', 'open')).status).toBe(403);
    expect(await exams.ask('root', 'POST', '/exams/no-such-exam/open')).toMatchObject(
      problem(404, 'NOT_FOUND', 'there is no exam with this id'),
    );
  });
});

describe('reading an exam', () => {
  test('shows teachers all students, and a student only themselves', async () => {
    const examId = await exams.createExam({ policy: { webhook_url: 'https://hooks.example.org/x' } });
    const forTeacher = (await read('tina', examId)).json;
    expect(forTeacher).toMatchObject({ exam_id: examId, teachers: ['tina'], pin: expect.any(String) });
    expect(forTeacher.students).toHaveLength(2);
    const forStudent = await read('ada', examId);
    expect(forStudent.json).toMatchObject({
      attempt: { student_id: 'ada', student_name: 'Ada Lovelace', answers: [], submission: null },
      policy: { webhook_url: null },
    });
    for (const hidden of ['pin', 'created_by', 'students', 'teachers', 'stats']) {
      expect(forStudent.json).not.toHaveProperty(hidden);
    }
    expect(forStudent.text).not.toContain('bob');
  });

  test('is refused to a student who is not enrolled, with the same words whether the exam exists or not', async () => {
    const examId = await exams.createExam({ students: [{ student_id: 'bob' }] });
    const [existing, missing] = [await read('ada', examId), await read('ada', 'no-such-exam')];
    const words = ({ json }: typeof existing) => ({ ...json, request_id: null });
    expect(words(existing)).toEqual(words(missing));
    expect(existing.status).toBe(403);
  });

  test('names the field of an id that cannot be one', async () => {
    expect(await exams.ask('tina', 'GET', '/exams/a%20b')).toMatchObject(
      problem(400, 'INVALID_MESSAGE', /letters, digits/, 'exam_id'),
    );
  });
});
