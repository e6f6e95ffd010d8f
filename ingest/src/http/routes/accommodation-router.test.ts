import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';

let exams: ExamServer;
let examId: string;
beforeAll(async () => {
  exams = await startExamServer();
  examId = await exams.createExam();
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const path = (memberId: string, exam = examId): string => `/exams/${exam}/accommodations/${memberId}`;
const put = (who: Person, memberId: string, accommodations: unknown) =>
  exams.ask(who, 'PUT', path(memberId), { accommodations });
const readsAloud = { name: 'reads aloud', off: ['talking'], longer: {} };

test('a student without accommodations has an empty list', async () => {
  expect(await exams.ask('tina', 'GET', path('nobody-yet'))).toMatchObject({
    status: 200,
    json: { accommodations: [] },
  });
});

test('setting replaces the whole list, and an empty one removes them', async () => {
  for (const list of [[readsAloud], [{ ...readsAloud, name: 'zweites 👓' }], []]) {
    expect((await put('tina', 'ada', list)).status).toBe(200);
    expect((await exams.ask('root', 'GET', path('ada'))).json.accommodations).toMatchObject(list);
  }
});

test('the exam’s list has each student with accommodations, and no other', async () => {
  const own = await exams.createExam();
  await exams.ask('tina', 'PUT', path('ada', own), { accommodations: [readsAloud] });
  await exams.ask('tina', 'PUT', path('bob', own), { accommodations: [] });
  expect(await exams.ask('tina', 'GET', `/exams/${own}/accommodations`)).toMatchObject({
    status: 200,
    json: { students: [{ student_id: 'ada', accommodations: [readsAloud] }] },
  });
});

test('one student’s accommodations are not another’s, nor those of another exam', async () => {
  await put('tina', 'ada', [readsAloud]);
  expect((await exams.ask('tina', 'GET', path('bob'))).json.accommodations).toEqual([]);
  const other = await exams.createExam();
  expect((await exams.ask('tina', 'GET', path('ada', other))).json.accommodations).toEqual([]);
});

test('setting twice at once leaves one of the two lists whole', async () => {
  const lists = ['one', 'other'].map((name) => [{ ...readsAloud, name }]);
  const answers = await Promise.all(lists.map((list) => put('tina', 'bob', list)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const { accommodations } = (await exams.ask('tina', 'GET', path('bob'))).json;
  expect(accommodations).toHaveLength(1);
  expect(['one', 'other']).toContain(accommodations[0].name);
});

describe('refused', () => {
  test.each([
    ['no list', undefined, 'accommodations', /is required/],
    ['more than 20', Array.from({ length: 21 }, () => readsAloud), 'accommodations', /./],
    ['an accommodation without a name', [{ off: [], longer: {} }], 'accommodations.0.name', /is required/],
    ['a rule that does not exist', [{ ...readsAloud, off: ['breathing'] }], 'accommodations.0.off.0', /./],
  ])('%s', async (_what, list, field, detail) => {
    expect(await put('tina', 'ada', list)).toMatchObject(problem(400, 'INVALID_MESSAGE', detail, field));
  });

  test.each([
    ['exam_id', path('ada', 'a%20b')],
    ['member_id', path('a%20b')],
  ])('an invalid %s', async (field, at) => {
    expect(await exams.ask('root', 'GET', at)).toMatchObject(problem(400, 'INVALID_MESSAGE', /must be an id/, field));
  });

  test.each(['ada', 'bob', 'tom'] as const)('reading and setting by %s', async (who) => {
    expect((await put(who, 'ada', [])).status).toBe(403);
    expect((await exams.ask(who, 'GET', path('ada'))).status).toBe(403);
  });

  test('a request without a token', async () => {
    expect(await put('nobody', 'ada', [])).toMatchObject(problem(401, 'AUTH_FAILED', /token is missing/));
  });
});
