import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { problem, startExamServer } from '../../../test/exam-server.ts';
import type { ExamServer, Person } from '../../../test/exam-server.ts';
import { runSession } from '../../../test/proctored-session.ts';
import { budgetTable } from '../../budget/budget-table.ts';

const id = 'phone_visible-100';
let exams: ExamServer;
/** Sessions that no test changes. */
let untouched: string;
let running: string;
beforeAll(async () => {
  exams = await startExamServer();
  untouched = await ended();
  const examId = await exams.createExam();
  const started = await exams.ask('tina', 'POST', '/session/start', { exam_id: examId, member_id: 'ada' });
  running = started.json.session_id;
});
afterAll(async () => {
  await exams.close();
  await removeFolders();
});

const ended = async (policy: object = {}): Promise<string> =>
  (await runSession(exams.server, await exams.createExam({ policy }), 'ada', exams.tokens.ada)).sessionId;
const review = (who: Person, session: string, body: unknown, method = 'PUT') =>
  exams.ask(who, method, `/session/${session}/review`, body);
const read = (who: Person, session: string) => exams.ask(who, 'GET', `/session/${session}/review`);
const contest = (who: Person, session: string, text: unknown, observation = id) =>
  exams.ask(who, 'POST', `/session/${session}/review/observations/${observation}/contest`, { text });

describe('reviewing', () => {
  test('records an outcome and marks under the reviewer’s name, by PUT and POST alike', async () => {
    const session = await ended();
    expect((await read('tina', session)).json).toMatchObject({ status: 'open', outcome: null, observations: [] });
    const marked = await review('tina', session, {
      observations: [{ id, mark: 'confirmed', note: 'ließ es liegen 📱' }],
    });
    expect(marked.json).toMatchObject({
      status: 'open',
      observations: [{ id, mark: 'confirmed', by: 'tina', note: 'ließ es liegen 📱' }],
    });
    const decided = await review('root', session, { outcome: 'follow_up', notes: 'call her' }, 'POST');
    expect(decided.json).toMatchObject({ status: 'reviewed', outcome: 'follow_up', by: 'root', notes: 'call her' });
    expect(decided.json.observations).toHaveLength(1);
    const { review: inReport } = (await exams.ask('tina', 'GET', `/session/${session}/report`)).json;
    expect(inReport).toEqual(decided.json);
  });

  test('a later word replaces the earlier one in the review, and the audit keeps both', async () => {
    const session = await ended();
    for (const outcome of ['follow_up', 'nothing_to_follow_up']) await review('tina', session, { outcome });
    expect((await read('tina', session)).json.outcome).toBe('nothing_to_follow_up');
    const { audit } = (await exams.ask('tina', 'GET', `/session/${session}/audit`)).json;
    const outcomes = audit.filter(({ action }: { action: string }) => action === 'review.outcome');
    expect(outcomes.map(({ detail }: { detail: { value: string } }) => detail.value)).toEqual([
      'follow_up',
      'nothing_to_follow_up',
    ]);
  });

  test('two reviewers at once lose nothing of each other’s marks', async () => {
    const session = await ended();
    await Promise.all([
      review('tina', session, { outcome: 'inconclusive', notes: 'unclear' }),
      review('root', session, { observations: [{ id, mark: 'unsure' }] }),
    ]);
    expect((await read('tina', session)).json).toMatchObject({
      outcome: 'inconclusive',
      by: 'tina',
      observations: [{ mark: 'unsure', by: 'root' }],
    });
  });

  test.each([
    ['nothing', {}, undefined, /an outcome or at least one mark/],
    ['notes without an outcome', { notes: 'n', observations: [{ id, mark: 'unsure' }] }, undefined, /notes require/],
    ['an unknown outcome', { outcome: 'guilty' }, 'outcome', /./],
    ['an unknown mark', { observations: [{ id, mark: 'guilty' }] }, 'observations.0.mark', /./],
    ['a mark without an id', { observations: [{ mark: 'unsure' }] }, 'observations.0.id', /is required/],
    ['notes of 4001 characters', { outcome: 'follow_up', notes: 'x'.repeat(4001) }, 'notes', /./],
    ['an observation of another report', { observations: [{ id: 'x"y', mark: 'unsure' }] }, 'observations', /"x\\"y"/],
  ])('refuses %s and records nothing', async (_what, body, field, detail) => {
    const answer = await review('tina', untouched, body);
    expect(answer.json).toMatchObject({
      detail: expect.stringMatching(detail),
      ...(field === undefined ? {} : { field }),
    });
    expect([400, 404]).toContain(answer.status);
    expect((await read('tina', untouched)).json).toMatchObject({ status: 'open', observations: [] });
  });

  test('refuses a list with one unknown observation as a whole', async () => {
    const observations = [
      { id, mark: 'confirmed' },
      { id: 'unknown', mark: 'confirmed' },
    ];
    expect(await review('tina', untouched, { observations })).toMatchObject(
      problem(404, 'NOT_FOUND', 'the report has no observation "unknown"', 'observations'),
    );
    expect((await read('tina', untouched)).json.observations).toEqual([]);
  });

  test('is refused while the session runs', async () => {
    expect(await review('tina', running, { outcome: 'follow_up' })).toMatchObject(
      problem(409, 'WRONG_STATUS', /has no report: it is running/),
    );
  });

  test('and the audit are for the exam’s teachers', async () => {
    for (const who of ['ada', 'tom'] as const) {
      expect((await review(who, untouched, { outcome: 'follow_up' })).status).toBe(403);
      expect((await exams.ask(who, 'GET', `/session/${untouched}/audit`)).status).toBe(403);
    }
  });
});

describe('what a student sees of a review', () => {
  test('is the decision without names and internal notes', async () => {
    const session = await ended();
    await review('tina', session, {
      outcome: 'follow_up',
      notes: 'internal words',
      observations: [{ id, mark: 'confirmed', note: 'private words' }],
    });
    const answers = [await read('ada', session), await exams.ask('ada', 'GET', `/session/${session}/report`)];
    for (const { text } of answers) expect(text).not.toMatch(/internal words|private words|"tina"/);
    expect(answers[0]?.json).toMatchObject({ outcome: 'follow_up', by: null, observations: [{ mark: 'confirmed' }] });
    const analysisOnly = await exams.ask('ada', 'GET', `/session/${session}/report?review=none`);
    expect(analysisOnly.json.review).toMatchObject({ status: 'open' });
  });

  test('is nothing if the exam hides reports from students', async () => {
    const session = await ended({ report_to_student: false });
    expect(await read('ada', session)).toMatchObject({ status: 403 });
    expect(await contest('ada', session, 'why?')).toMatchObject(
      problem(403, 'ACCESS_DENIED', 'this exam does not show its reports to students'),
    );
  });
});

describe('contesting', () => {
  test('adds the student’s words, trimmed, in their order', async () => {
    const session = await ended();
    for (const text of ['  my brother’s phone ', 'it was off 📴']) {
      expect((await contest('ada', session, text)).status).toBe(201);
    }
    const { contests } = (await read('tina', session)).json;
    expect(contests.map(({ text }: { text: string }) => text)).toEqual(['my brother’s phone', 'it was off 📴']);
  });

  test.each([
    ['an empty text', ''],
    ['spaces alone', '   '],
    ['a number', 7],
    ['no text', null],
    ['4001 characters', 'x'.repeat(4001)],
    ['U+0000', 'a\0b'],
  ])('refuses %s', async (_what, text) => {
    expect(await contest('ada', untouched, text)).toMatchObject({ status: 400 });
    expect((await read('ada', untouched)).json.contests).toEqual([]);
  });

  test('is refused for an observation that the report does not have', async () => {
    expect(await contest('ada', untouched, 'why?', 'phone_visible-1')).toMatchObject(
      problem(404, 'NOT_FOUND', 'the report has no observation "phone_visible-1"', 'observations'),
    );
  });

  test('is for the student alone', async () => {
    for (const who of ['bob', 'tina', 'tom'] as const) {
      expect((await contest(who, untouched, 'why?')).status).toBe(403);
    }
  });

  test('is refused while the session runs', async () => {
    expect((await contest('ada', running, 'why?')).status).toBe(409);
  });

  test('is bounded, with a clear answer', async () => {
    const session = await ended();
    const { limit } = budgetTable.contests;
    for (let count = 0; count < limit; count += 1) await contest('ada', session, `no. ${count}`);
    expect(await contest('ada', session, 'one more')).toMatchObject(
      problem(429, 'RATE_EXCEEDED', `a session can have at most ${limit} contests`),
    );
    expect((await read('ada', session)).json.contests).toHaveLength(limit);
  });
});
