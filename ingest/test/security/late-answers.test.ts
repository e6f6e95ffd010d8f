import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { analyzeDump, parseDump } from '@invigil/ingest/dump';
import type { Report } from '@invigil/protocol/report';
import { runScript } from '@invigil/testkit/run-script';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { bearer, tokenOf } from '@invigil/testkit/tokens/tokens';
import { ExamFixture, fakeClock, stretch } from './exam-fixture.ts';
import type { Clock } from './exam-fixture.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

let clock: Clock;
let exam: ExamFixture;

beforeAll(async () => {
  clock = fakeClock();
  exam = await ExamFixture.open();
});
afterAll(async () => {
  await exam.server.close();
  vi.restoreAllMocks();
  await removeFolders();
});

const dumpOf = async (sessionId: string) =>
  parseDump(await readFile(join(exam.server.dumpDir, `${sessionId}_frames.json`), 'utf8'));

/** A student who was observed live for `seconds`. */
const observe = async (
  student: Awaited<ReturnType<ExamFixture['student']>>,
  seconds: number,
  seq = 0,
): Promise<void> => {
  await student.frames(stretch(seq, clock.now(), seconds * 5));
  clock.advance(seconds * 1000);
};

describe('a student who ends the session and continues answering', () => {
  test('is reported: a new version with the answers, the time and the alert', async () => {
    const eve = await exam.student('eve');
    await observe(eve, 20);
    await eve.answer(1);
    await eve.end();
    const first = await eve.reportAnswer('?review=none');
    expect(first.headers.get('report-version')).toBe('1');
    expect(first.json.work).toMatchObject({ unobserved_answers: 0, note: null });
    clock.advance(120_000);
    await eve.answer(2);
    clock.advance(60_000);
    await eve.answer(3);
    await waitFor(
      async () => {
        clock.advance(10_000);
        expect(await exam.alerts(eve.sessionId)).toContain('answered_unobserved');
      },
      { timeout: 15_000 },
    );
    clock.advance(600_000);
    const newest = await eve.reportAnswer('?review=none');
    const report = newest.json as Report;
    expect(report.work).toMatchObject({ unobserved_answers: 2, note: 'answered 2 questions while not observed' });
    expect(report.coverage).toMatchObject({ duration_s: 200, live_s: 19.8, not_observed_s: { no_frames: 180.2 } });

    const version = Number(newest.headers.get('report-version'));
    expect(version).toBeGreaterThan(1);
    expect((await eve.reportAnswer('?version=1')).text).toBe(first.text);
    const dump = await dumpOf(eve.sessionId);
    expect(JSON.stringify(analyzeDump(dump))).toBe(newest.text);
    expect(JSON.stringify(analyzeDump(dump, { version: 1 }))).toBe(first.text);
  });

  test('makes few versions however often they answer and read', async () => {
    const eve = await exam.student('eager');
    await observe(eve, 5);
    await eve.end();
    for (let at = 0; at < 40; at += 1) {
      clock.advance(1000);
      await eve.answer(at + 1);
      await eve.report();
    }
    const path = `/api/v1/session/${eve.sessionId}/reports`;
    const { json } = await exam.server.ask('GET', path, undefined, exam.teacher);
    expect(json.reports.length).toBeLessThanOrEqual(4);
    clock.advance(60_000);
    expect((await eve.report()).work?.questions).toHaveLength(40);
  });
});

/** Each read may add a report version, and the next one needs time to pass. */
const waitForAlert = (own: ExamFixture, sessionId: string): Promise<void> =>
  waitFor(
    async () => {
      clock.advance(10_000);
      expect(await own.alerts(sessionId)).toEqual(['answered_unobserved']);
    },
    { timeout: 15_000 },
  );

test('an answer right after the student ended the session raises an alert', async () => {
  const eve = await exam.student('quick');
  await observe(eve, 10);
  await eve.end();
  await eve.answer(1);
  await waitForAlert(exam, eve.sessionId);
  expect((await eve.report()).work).toMatchObject({ unobserved_answers: 1 });
});

test('a hand-in after the exam’s end is not called unobserved, unless the student had ended the session before', async () => {
  const own = await ExamFixture.open({}, { examId: 'short', server: exam.server });
  const [honest, gone] = [await own.student('honest'), await own.student('gone')];
  await Promise.all([honest, gone].map((student) => student.frames(stretch(0, clock.now(), 100))));
  clock.advance(20_000);
  await gone.end();
  const now = clock.now();
  for (let at = 0; at < 3; at += 1) {
    await honest.frames(stretch(100 + at * 100, now + at * 20_000, 100));
    clock.advance(20_000);
  }
  await own.teach('/short/complete');
  clock.advance(90_000);
  for (const student of [honest, gone]) expect((await student.handIn()).status).toBeLessThan(300);
  expect((await honest.report()).work).toMatchObject({ unobserved_hand_in: false, note: null });
  expect((await gone.report()).work).toMatchObject({ unobserved_hand_in: true, note: 'handed in while not observed' });
  await waitForAlert(own, gone.sessionId);
  expect(await own.alerts(honest.sessionId)).toEqual([]);
});

test('a student of a proctored exam who answers without ever starting a session gets an alert and a report', async () => {
  const own = await ExamFixture.open({}, { examId: 'hidden', server: exam.server });
  const honest = await own.student('honest');
  await honest.frames(stretch(0, clock.now(), 20));
  await own.teach('/hidden/enrolments', { students: [{ student_id: 'ghost', student_name: 'ghost' }] });
  const token = bearer(await tokenOf('ghost', 'STUDENT', '1d'));
  const body = { question_id: 'q1', question_number: 1, answer: 'unobserved' };
  const path = '/api/v1/exams/hidden/answers';
  expect((await own.server.ask('POST', path, body, token)).status).toBe(201);
  const ghost = await own.student('ghost');
  await waitForAlert(own, ghost.sessionId);
  await ghost.end();
  expect((await ghost.report()).work).toMatchObject({ unobserved_answers: 1 });
});

test('an answer with a made-up chain head is named in the report, also after the end, and the dump gives the same report', async () => {
  const kim = await exam.student('kim');
  const batch = { type: 'batch', frames: stretch(0, clock.now(), 50), chain: null };
  const head = (await kim.send(batch)).json.messages.at(-1).chain;
  clock.advance(10_000);
  await kim.answer(1, 'mine', head);
  await kim.answer(2, 'copied', 'f'.repeat(64));
  await kim.answer(3, 'without');
  const named = ({ work }: Report) =>
    work?.questions.filter((question) => question.chain_unknown === true).map(({ question_id: id }) => id);
  expect(named(await kim.finalReport())).toEqual(['q2']);
  await kim.answer(4, 'later', 'e'.repeat(64));
  clock.advance(60_000);
  const { json, text } = await kim.reportAnswer('?review=none');
  expect(named(json)).toEqual(['q2', 'q4']);
  expect(JSON.stringify(analyzeDump(await dumpOf(kim.sessionId)))).toBe(text);
});

test('each answer belongs to the session that had been started last', async () => {
  const first = await exam.student('twice');
  await observe(first, 10);
  await first.answer(1);
  await first.end();
  clock.advance(1000);
  const second = await first.restart();
  expect(second.sessionId).not.toBe(first.sessionId);
  await observe(second, 10);
  await second.answer(2);
  const report = await second.finalReport();
  expect(report.work?.questions.map(({ question_id: id }) => id)).toEqual(['q2']);
  expect(report.other_sessions).toMatchObject([{ session_id: first.sessionId, status: 'ended' }]);
  expect((await first.report()).other_sessions).toMatchObject([{ session_id: second.sessionId, status: 'ended' }]);
});

test('every version has a receipt that names the one before and is verified offline', async () => {
  const eve = await exam.student('signed');
  await observe(eve, 10);
  await eve.end();
  clock.advance(60_000);
  await eve.answer(1);
  const newest = await eve.reportAnswer('?review=none');
  const version = Number(newest.headers.get('report-version'));
  const receiptOf = async (query: string) =>
    (await exam.server.ask('GET', `/api/v1/session/${eve.sessionId}/receipt${query}`, undefined, exam.teacher)).json;
  expect((await receiptOf('?version=1')).receipt).toMatchObject({ version: 1, previous: null });
  expect((await receiptOf('')).receipt).toMatchObject({ version, previous: expect.stringMatching(/^[\da-f]{64}$/) });
  expect((await receiptOf('')).root).toBeNull();

  clock.advance(2 * 86_400_000);
  const { json: roots } = await exam.server.ask('GET', '/.well-known/invigil-roots.json');
  const folder = await makeFolder();
  const file = async (name: string, content: unknown): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const receipt = await file('receipt.json', await receiptOf(''));
  const root = await file('roots.json', roots);
  const report = await file('report.json', newest.text);
  const whole = await runScript('verify', receipt, root, '--report', report);
  expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining(`report version ${version}, is valid`) });
  const changed = await file('changed.json', newest.text.replace('"value":0', '"value":1'));
  expect(await runScript('verify', receipt, root, '--report', changed)).toMatchObject({ code: 1 });
  // A root that was replaced later does not match.
  const forged = structuredClone(roots);
  for (const each of forged.roots) each.root = 'a'.repeat(64);
  expect(await runScript('verify', receipt, await file('forged.json', forged))).toMatchObject({ code: 1 });

  // After a rotation, a new key signs; published receipts do not change.
  clock.advance(100 * 86_400_000);
  const later = await exam.server.ask('GET', '/.well-known/invigil-roots.json');
  expect(later.json.roots.at(-1)).toEqual(roots.roots.at(-1));
});
