import { riskWeightSets } from '@invigil/protocol/report';
import { ruleSets } from '@invigil/protocol/rules';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer, statusesOf } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';
import { runSession } from '../../../test/proctored-session.ts';

let exams: ExamServer;
/** Ended sessions of Ada: one in an exam that shows reports to students, one in an exam that does not. */
let shown: string;
let hidden: string;
beforeAll(async () => {
  exams = await startExamServer();
  const sessionIn = async (policy: object): Promise<string> => {
    const examId = await exams.createExam({ policy });
    return (await runSession(exams.server, examId, 'ada', exams.tokens.ada)).sessionId;
  };
  shown = await sessionIn({});
  hidden = await sessionIn({ report_to_student: false });
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const get = (who: Person, id: string, path: string) => exams.ask(who, 'GET', `/session/${id}/${path}`);
const analyze = (who: Person, id: string, query = '') => exams.ask(who, 'POST', `/session/${id}/analyze${query}`);
const begin = async (policy: object = {}): Promise<string> => {
  const examId = await exams.createExam({ policy });
  return (await exams.ask('tina', 'POST', '/session/start', { exam_id: examId, member_id: 'ada' })).json.session_id;
};
/** An existing rule set and weights version other than the newest. */
const [oldRules] = Object.keys(ruleSets);
const [oldWeights] = Object.keys(riskWeightSets);

describe('the report of an ended session', () => {
  test('is the same to the byte at each request, with its version in a header and in no cache', async () => {
    const [one, other] = [await get('tina', shown, 'report'), await get('ada', shown, 'report')];
    expect(one.text).toBe(other.text);
    expect(one.headers.get('report-version')).toBe('1');
    expect(one.headers.get('cache-control')).toBe('no-store');
    expect(one.json).toMatchObject({ session: { session_id: shown, status: 'ended' }, integrity: { frames: 300 } });
  });

  test.each([
    ['json', 'application/json', /^\{/],
    ['sd', 'application/json', /^\{/],
    ['csv', 'text/csv', /phone_visible/],
  ])('comes in the format %s', async (format, contentType, text) => {
    const answer = await get('tina', shown, `report?format=${format}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(contentType);
    expect(answer.text).toMatch(text);
  });

  test('is available as a CSV file under its own name', async () => {
    const answer = await get('tina', shown, 'report/observations.csv');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename=${shown}_observations.csv`);
    const [head, ...rows] = answer.text.trim().split('\n');
    expect(head).toContain('type');
    expect(rows).toHaveLength(1);
  });

  test.each([
    ['report?format=pdf', 'format', 'must be one of json, sd, csv'],
    ['report?format=json&format=csv', 'format', 'must be one of json, sd, csv'],
    ['report?version=0', 'version', 'must be a positive integer'],
    ['report?version=1.5', 'version', 'must be a positive integer'],
    ['report?version=one', 'version', 'must be a positive integer'],
    ['report?version=12345678901', 'version', 'must be a positive integer'],
    ['report/observations.csv?version=-1', 'version', 'must be a positive integer'],
  ])('%s is refused and names %s', async (path, field, detail) => {
    expect(await get('tina', shown, path)).toMatchObject(problem(400, 'INVALID_MESSAGE', detail, field));
  });

  test('of a version that does not exist is answered 404', async () => {
    expect(await get('tina', shown, 'report?version=99')).toMatchObject(
      problem(404, 'NOT_FOUND', 'the session has no report of this version, or it has expired'),
    );
  });
});

describe('who may read a report', () => {
  const paths = ['report', 'report/observations.csv', 'reports'];

  test.each(paths)('%s: student, teacher and admin, if the exam shows reports to students', async (path) => {
    for (const who of ['ada', 'tina', 'root'] as const) expect((await get(who, shown, path)).status).toBe(200);
    for (const who of ['bob', 'tom'] as const) expect((await get(who, shown, path)).status).toBe(403);
    expect((await get('nobody', shown, path)).status).toBe(401);
  });

  test.each(paths)('%s: not the student, if the exam hides reports from students', async (path) => {
    expect(await get('ada', hidden, path)).toMatchObject(
      problem(403, 'ACCESS_DENIED', 'this exam does not show its reports to students'),
    );
    expect((await get('tina', hidden, path)).status).toBe(200);
  });

  test('a student cannot get a hidden report by asking for an analysis', async () => {
    expect(await analyze('ada', hidden)).toMatchObject({ status: 403 });
    const running = await begin({ report_to_student: false });
    expect(await analyze('ada', running)).toMatchObject({ status: 403 });
    expect(await get('ada', running, 'report')).toMatchObject({ status: 403 });
  });
});

describe('analysing again', () => {
  test('with other rules or weights adds a version, and the same again adds none', async () => {
    const examId = await exams.createExam();
    const { sessionId } = await runSession(exams.server, examId, 'ada', exams.tokens.ada);
    const versions = [];
    for (const [who, query] of [
      ['tina', `?rules=${oldRules}`],
      ['root', `?rules=${oldRules}`],
      ['ada', ''],
    ] as const) {
      const answer = await analyze(who, sessionId, query);
      expect(answer.status).toBe(200);
      versions.push(answer.headers.get('report-version'));
    }
    expect(versions).toEqual(['2', '2', '2']);
    const { reports } = (await get('tina', sessionId, 'reports')).json;
    expect(reports.map((each: Record<string, unknown>) => [each['version'], each['rules_version']])).toEqual([
      [1, Object.keys(ruleSets).at(-1)],
      [2, oldRules],
    ]);
    expect((await get('tina', sessionId, 'report?version=1')).json.rules_version).not.toBe(oldRules);
  });

  test.each([
    ['?rules=99', 'rules', Object.keys(ruleSets)],
    ['?rules=constructor', 'rules', Object.keys(ruleSets)],
    ['?weights=', 'weights', Object.keys(riskWeightSets)],
    ['?weights=toString', 'weights', Object.keys(riskWeightSets)],
  ])('refuses %s and lists what there is', async (query, field, known) => {
    expect(await analyze('tina', shown, query)).toMatchObject(
      problem(400, 'INVALID_MESSAGE', `must be one of ${known.join(', ')}`, field),
    );
  });

  test('is for teachers and admins', async () => {
    for (const query of [`?rules=${oldRules}`, `?weights=${oldWeights}`]) {
      expect(await analyze('ada', shown, query)).toMatchObject(problem(403, 'ACCESS_DENIED', /does not allow/));
    }
    expect((await get('ada', shown, 'reports')).json.reports).toHaveLength(1);
  });

  test('is limited to once a second for each reader, with the time to wait', async () => {
    const running = await begin();
    const both = await Promise.all([analyze('tina', running), analyze('tina', running)]);
    expect(statusesOf(both)).toEqual([200, 429]);
    const refused = both.find(({ status }) => status === 429)!;
    expect(refused).toMatchObject(
      problem(429, 'RATE_EXCEEDED', 'each reader may request one analysis of a session per second'),
    );
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await analyze('ada', running)).status).toBe(200);
    expect((await analyze('root', running)).status).toBe(200);
  });
});

describe('the report of a running session', () => {
  test('has no version, is limited for each reader, and is not listed', async () => {
    const running = await begin();
    const both = await Promise.all([get('tina', running, 'report'), get('tina', running, 'report')]);
    expect(statusesOf(both)).toEqual([200, 429]);
    const first = both.find(({ status }) => status === 200)!;
    expect(first.headers.get('report-version')).toBeNull();
    expect(first.json.session).toMatchObject({ status: 'running' });
    expect((await get('ada', running, 'report')).status).toBe(200);
    expect((await get('tina', running, 'reports')).json).toEqual({ reports: [] });
  });

  test('has no numbered version', async () => {
    const running = await begin();
    expect((await get('tina', running, 'report?version=1')).status).toBe(404);
  });

  test('ignores a wish for other rules, which its alerts do not follow either', async () => {
    const running = await begin();
    const answer = await analyze('tina', running, `?rules=${oldRules}`);
    expect(answer.json.rules_version).toBe(Object.keys(ruleSets).at(-1));
  });
});
