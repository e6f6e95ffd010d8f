import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';
import { runSession } from '../../../test/proctored-session.ts';

let exams: ExamServer;
/** An exam with ended sessions of Ada and Bob, which two reviewers decide on. */
let examId: string;
let sessions: Record<'ada' | 'bob', string>;
beforeAll(async () => {
  exams = await startExamServer();
  examId = await exams.createExam({ policy: { reviewers: 2, history: true } });
  const sessionOf = async (who: 'ada' | 'bob'): Promise<string> =>
    (await runSession(exams.server, examId, who, exams.tokens[who])).sessionId;
  sessions = { ada: await sessionOf('ada'), bob: await sessionOf('bob') };
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const list = (who: Person, query = '', id = examId) => exams.ask(who, 'GET', `/exams/${id}/reports${query}`);
const decide = (who: Person, body: object, id = examId) => exams.ask(who, 'POST', `/exams/${id}/reviews`, body);
const nothing = { outcome: 'nothing_to_follow_up', max_risk: 100 };

describe('the list of an exam’s reports', () => {
  test('has a line for each ended session, with what a reviewer sorts by', async () => {
    const { json } = await list('tina', '?sort=student');
    expect(json).toMatchObject({ exam_id: examId, reviewers: 2, next_cursor: null });
    expect(json.counts).toMatchObject({ all: 2, open: 2, matching: 2 });
    expect(json.reports).toMatchObject([
      {
        session_id: sessions.ada,
        student_id: 'ada',
        student_name: 'Ada Lovelace',
        observations: { phone_visible: 1 },
        review: { status: 'open', outcome: null },
      },
      { session_id: sessions.bob, student_id: 'bob', student_name: null },
    ]);
    expect(json.reports[0].risk).toEqual(expect.any(Number));
  });

  test('comes in pages, until none is left', async () => {
    const first = await list('tina', '?sort=student&limit=1');
    expect(first.json.reports).toMatchObject([{ student_id: 'ada' }]);
    const second = await list('tina', `?sort=student&limit=1&cursor=${first.json.next_cursor}`);
    expect(second.json).toMatchObject({ reports: [{ student_id: 'bob' }], next_cursor: null });
  });

  test.each([
    ['sort=names', 'sort'],
    ['limit=0', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=201', 'limit'],
    ['max_risk=101', 'max_risk'],
    ['max_risk=low', 'max_risk'],
    ['min_coverage=2', 'min_coverage'],
    ['status=guilty', 'status'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${Buffer.from('["student","x","y"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('["priority","x","y"]').toString('base64url')}`, 'cursor'],
  ])('refuses %s by its name', async (query, field) => {
    const answer = await list('tina', `?${query}`);
    expect([answer.status, answer.json.code, answer.json.field]).toEqual([400, 'INVALID_MESSAGE', field]);
  });

  test('is complete as CSV, whatever the page size', async () => {
    const answer = await list('tina', '?format=csv&limit=1&sort=student');
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const [head, ...lines] = answer.text.trim().split('\r\n');
    expect(head).toContain('session_id,student_id,student_name,version');
    expect(lines.map((line) => line.split(',')[1])).toEqual(['ada', 'bob']);
  });

  test('is not for students and other teachers, and not of an unknown exam', async () => {
    for (const who of ['ada', 'tom'] as const) expect((await list(who)).status).toBe(403);
    expect(await list('root', '', 'no-such-exam')).toMatchObject(problem(404, 'NOT_FOUND', /no exam/));
  });
});

describe('a decision on many reports', () => {
  test('only counts the reports if no number is expected', async () => {
    expect((await decide('tina', nothing)).json).toEqual({ matching: 2, recorded: 0, failed: 0, session_ids: [] });
    expect((await decide('tina', { ...nothing, min_coverage: 1 })).json.matching).toBe(0);
    expect((await list('tina')).json.counts.open).toBe(2);
  });

  test('changes nothing if other reports match than the reviewer saw', async () => {
    expect(await decide('tina', { ...nothing, expected: 5 })).toMatchObject(
      problem(409, 'WRONG_STATUS', '2 reports match now, not 5', 'expected'),
    );
    expect(await decide('tina', { ...nothing, outcome: 'follow_up', expected: 2 })).toMatchObject({ status: 400 });
    expect((await list('tina')).json.counts.open).toBe(2);
  });

  test('leaves contested reports to be opened, and needs two reviewers where the exam says so', async () => {
    await exams.ask('ada', 'POST', `/session/${sessions.ada}/review/observations/phone_visible-100/contest`, {
      text: 'a calculator',
    });
    const { json } = await decide('tina', { ...nothing, expected: 1, notes: 'low priority' });
    expect(json).toEqual({ matching: 1, recorded: 1, failed: 0, session_ids: [sessions.bob] });
    expect((await list('tina', '?status=second')).json.reports).toMatchObject([{ student_id: 'bob' }]);
    const next = async (who: Person) =>
      (await list(who, '?decidable=true&sort=student')).json.reports.map(
        (report: { student_id: string }) => report.student_id,
      );
    expect([await next('tina'), await next('root')]).toEqual([['ada'], ['ada', 'bob']]);
    expect((await list('tina')).json.counts.decidable).toBe(1);
    // The same reviewer cannot be the second one.
    expect((await decide('tina', { ...nothing, expected: 0 })).json.recorded).toBe(0);
    expect((await decide('root', { ...nothing, expected: 1 })).json.recorded).toBe(1);
    const { counts } = (await list('tina')).json;
    expect(counts).toMatchObject({ open: 1, second: 0, reviewed: 1, contested: 1, disagreed: 0 });
    const audit = await exams.ask('tina', 'GET', `/session/${sessions.bob}/audit`);
    expect(audit.json.audit.map(({ action }: { action: string }) => action)).toContain('review.outcome');
  });
});

describe('a student’s history', () => {
  const history = async (who: Person, student = 'bob') => exams.ask(who, 'GET', `/students/${student}/history`);

  test('lists reports of the teacher’s exams whose policy allows it, and no others', async () => {
    const closed = await exams.createExam();
    await runSession(exams.server, closed, 'bob', exams.tokens.bob);
    const { json } = await history('tina');
    expect(json).toMatchObject({ student_id: 'bob', has_more: false });
    expect(json.reports).toMatchObject([
      { exam_id: examId, session_id: sessions.bob, observations: { phone_visible: 1 }, review: { status: 'reviewed' } },
    ]);
    expect((await history('root')).json.reports).toHaveLength(1);
    expect((await history('tom')).json.reports).toEqual([]);
    expect((await history('tina', 'nobody')).json).toEqual({
      student_id: 'nobody',
      student_name: null,
      reports: [],
      has_more: false,
    });
  });

  test('is closed to students, and says which exams have one', async () => {
    expect(await history('bob')).toMatchObject({ status: 403, json: { code: 'ACCESS_DENIED' } });
    expect((await list('tina')).json.history).toBe(true);
  });

  test('is empty once the student is erased', async () => {
    expect((await exams.ask('root', 'DELETE', '/students/bob')).status).toBe(200);
    expect((await history('tina')).json.reports).toEqual([]);
  });
});

test('rule outcomes count what reviewers decided, in the teacher’s exams', async () => {
  const path = `/session/${sessions.ada}/review`;
  await exams.ask('tina', 'PUT', path, { observations: [{ id: 'phone_visible-100', mark: 'dismissed' }] });
  const { json } = await exams.ask('tina', 'GET', '/rule-outcomes');
  expect(json.rules).toMatchObject([{ type: 'phone_visible', sessions: 1, observations: 1, dismissed: 1 }]);
  expect((await exams.ask('tom', 'GET', '/rule-outcomes')).json.rules).toEqual([]);
});
