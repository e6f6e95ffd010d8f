import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';

let exams: ExamServer;
let withBreaks: string;
let withoutBreaks: string;
let over: string;
beforeAll(async () => {
  exams = await startExamServer();
  const begin = async (policy: object): Promise<string> => {
    const examId = await exams.createExam({ policy });
    return (await exams.ask('tina', 'POST', '/session/start', { exam_id: examId, member_id: 'ada' })).json.session_id;
  };
  withBreaks = await begin({ breaks: true });
  withoutBreaks = await begin({ breaks: false });
  over = await begin({ breaks: true });
  await exams.ask('tina', 'POST', `/session/${over}/end`);
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const guide = (who: Person, session: string, kind: string, body: unknown) =>
  exams.ask(who, 'POST', `/session/${session}/${kind}`, body);
const auditOf = async (session: string): Promise<{ action: string; actor: string; detail: unknown }[]> =>
  (await exams.ask('tina', 'GET', `/session/${session}/audit`)).json.audit;

const requests = [
  ['messages', { text: 'Please turn on the light' }, 202],
  ['flags', { note: 'left the room at 9:12' }, 201],
  ['break', { action: 'begin' }, 202],
] as const;

describe.each(requests)('POST /session/{id}/%s', (kind, body, status) => {
  test('is accepted from the exam’s teachers and recorded under their name', async () => {
    expect((await guide('tina', withBreaks, kind, body)).status).toBe(status);
    expect((await guide('root', withBreaks, kind, body)).status).toBe(status);
    const newest = (await auditOf(withBreaks)).slice(-2);
    expect(newest.map(({ actor }) => actor)).toEqual(['tina', 'root']);
    expect(newest[0]?.detail).toMatchObject(body);
  });

  test('is refused to students and other teachers, and recorded nowhere', async () => {
    const before = (await auditOf(withBreaks)).length;
    for (const who of ['ada', 'bob', 'tom'] as const) {
      expect(await guide(who, withBreaks, kind, body)).toMatchObject(problem(403, 'ACCESS_DENIED', /does not allow/));
    }
    expect((await auditOf(withBreaks)).length).toBe(before);
  });

  test('is refused when the session is over, or does not exist', async () => {
    expect(await guide('tina', over, kind, body)).toMatchObject(problem(409, 'WRONG_STATUS', 'the session has ended'));
    expect(await guide('root', 'unknown', kind, body)).toMatchObject({ status: 404 });
  });
});

describe('invalid guidance', () => {
  test.each([
    ['messages', {}, 'text', /is required/],
    ['messages', { text: '   ' }, 'text', /./],
    ['messages', { text: 'x'.repeat(1001) }, 'text', /./],
    ['messages', { text: ['a'] }, 'text', /./],
    ['flags', { note: '' }, 'note', /./],
    ['flags', { note: 'x'.repeat(4001) }, 'note', /./],
    ['break', { action: 'pause' }, 'action', /./],
    ['break', {}, 'action', /is required/],
  ])('%s with %j is refused and names the field', async (kind, body, field, detail) => {
    expect(await guide('tina', withBreaks, kind, body)).toMatchObject(problem(400, 'INVALID_MESSAGE', detail, field));
  });

  test('a message with U+0000 is refused', async () => {
    expect(await guide('tina', withBreaks, 'messages', { text: 'a\0b' })).toMatchObject(
      problem(400, 'INVALID_MESSAGE', /U\+0000/),
    );
  });
});

test('each message has its own id, and its text is only trimmed', async () => {
  const text = '  Bitte lächeln 😀 <b>not HTML</b>  ';
  const ids = [];
  for (let times = 0; times < 2; times += 1) {
    ids.push((await guide('tina', withBreaks, 'messages', { text })).json.message_id);
  }
  expect(new Set(ids).size).toBe(2);
  expect((await auditOf(withBreaks)).at(-1)?.detail).toEqual({ message_id: ids[1], text: text.trim() });
});

test('a break is refused where the exam’s policy allows none', async () => {
  expect(await guide('tina', withoutBreaks, 'break', { action: 'begin' })).toMatchObject(
    problem(409, 'WRONG_STATUS', 'this exam does not allow breaks'),
  );
  expect((await guide('tina', withoutBreaks, 'messages', { text: 'no break' })).status).toBe(202);
});
