import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { highlightTextLength } from '@invigil/protocol/channels';
import type { ExamTeacherEvent } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { NewExamSchema } from '@invigil/protocol/channels';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { giveExtraTime } from '../../test/give-extra-time.ts';
import { localBus } from '../../test/local-bus.ts';
import { budgetTable } from '../budget/budget-table.ts';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { submitGraceMs } from '../model/exam-status.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { lateAnswerMs } from './exam-end.ts';
import { ExamEvents } from './exam-events.ts';
import { ExamWork } from './exam-work.ts';
import { Exams } from './exams.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const startedMs = Date.UTC(2026, 0, 5, 9);
let folder: string;
let database: RecordsDatabase;
let bus: Bus;
let nowMs: number;
let exams: Exams;
let records: ExamWorkRecords;
let work: ExamWork;
let students: ExamStudentRecords;
let events: ExamTeacherEvent[];
let done: unknown[];
/** Limits that were exceeded. */
let refused: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-exam-work-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  bus = localBus();
  nowMs = startedMs;
  const now = (): number => nowMs;
  students = new ExamStudentRecords(database);
  records = new ExamWorkRecords(database);
  exams = new Exams({
    exams: new ExamRecords(database),
    students,
    attendance: new AttendanceRecords(database),
    events: new ExamEvents(bus),
    now,
  });
  [done, refused] = [[], []];
  work = new ExamWork({
    exams,
    students,
    work: records,
    events: new ExamEvents(bus),
    now,
    storeNow: now,
    budget: { refused: (limit) => refused.push(limit) },
    onError: (error) => expect.fail(String(error)),
    onWork: (...what) => done.push(what),
  });
  events = [];
  bus.subscribe(topics.examTeachers, ['physics'], (event) => events.push(event));
  await exams.create(v.parse(NewExamSchema, { exam_id: 'physics', total_questions: 3 }), 'tina');
  await exams.enrol('physics', { students: [{ student_id: 'ada', student_name: 'Ada' }, { student_id: 'bob' }] });
  await exams.step('physics', 'open', 'tina');
  await exams.step('physics', 'start', 'tina');
});
afterEach(async () => {
  work.close();
  await bus.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
  vi.useRealTimers();
});

const answer = (question: number, text = 'text', studentId = 'ada') =>
  work.answer('physics', studentId, { question_id: `q${question}`, question_number: question, answer: text });
const progress = (question: number) =>
  work.progress('physics', 'ada', { passage_index: 0, question_index: question - 1, question_number: question });

describe('answers', () => {
  test('are saved, then published to teachers without their text', async () => {
    await answer(1, 'my secret answer');
    expect(await records.answers('physics', 'ada')).toMatchObject([{ questionId: 'q1', answer: 'my secret answer' }]);
    expect(events).toEqual([
      {
        type: 'student_answer',
        session_id: 'physics',
        student_id: 'ada',
        student_name: 'Ada',
        question_id: 'q1',
        question_number: 1,
        answered: true,
        is_update: false,
        timestamp: new Date(startedMs).toISOString(),
      },
    ]);
    expect(done).toEqual([['physics', 'ada', expect.any(String), startedMs]]);
  });

  test('keep the head of the frame chain that came along, and null without one', async () => {
    await work.answer('physics', 'ada', { question_id: 'q1', question_number: 1, answer: 'a', chain: 'head' });
    await answer(2);
    expect((await records.answers('physics', 'ada')).map(({ chain }) => chain)).toEqual(['head', null]);
    await answer(1, 'changed without a chain');
    expect((await records.answers('physics', 'ada'))[0]).toMatchObject({ chain: null });
  });

  test('to more questions than allowed are refused, and those before may still be changed', async () => {
    const { limit } = budgetTable.questions;
    const at = new Date(startedMs).toISOString();
    await database.run(async (db) => {
      const rows = Array.from({ length: limit }, (_, question) => ({
        exam_id: 'physics',
        student_id: 'ada',
        question_id: `q${question}`,
        question_number: question + 1,
        answer: 'a',
        answered_at: at,
      }));
      await db.insertInto('exam_answers').values(rows).execute();
    });
    await expect(answer(limit)).rejects.toMatchObject({
      code: 'RATE_EXCEEDED',
      message: `a student can have at most ${limit} answered questions in an exam`,
    });
    expect(await answer(7, 'changed')).toEqual({ isUpdate: true });
    expect(await answer(limit, 'of another student', 'bob')).toEqual({ isUpdate: false });
    expect(events).toHaveLength(2);
    expect(refused).toEqual(['questions']);
  });
});

test('a student who answers and highlights as fast as possible causes one message of each kind a second', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await answer(1);
  for (let round = 0; round < 20; round += 1) {
    await answer(1, `change ${round}`);
    await answer(2, `change ${round}`);
    await work.highlight('physics', 'ada', { passage_id: 'p1', text: `phrase ${round}` });
  }
  await answer(1, 'of another student', 'bob');
  await waitUntil(() => events.length >= 3);
  expect(events.map(({ type }) => type)).toEqual(['student_answer', 'student_highlight', 'student_answer']);
  vi.advanceTimersByTime(1000);
  await waitUntil(() => events.length >= 5);
  expect(events.slice(3)).toMatchObject([
    { question_id: 'q2', is_update: false, more: [{ question_id: 'q1', is_update: true }] },
    {
      text: 'phrase 19',
      more: Array.from({ length: 18 }, (_, at) => ({ text: `phrase ${18 - at}`, passage_id: 'p1' })),
    },
  ]);
  vi.advanceTimersByTime(1000);
  expect(events).toHaveLength(5);
});

describe('highlights', () => {
  test('are published with at most 50 characters, and never with half a character', async () => {
    const text = '😀'.repeat(highlightTextLength + 10);
    await work.highlight('physics', 'ada', { passage_id: 'p1', text });
    expect(events).toMatchObject([{ type: 'student_highlight', text: '😀'.repeat(highlightTextLength) }]);
    expect(await records.highlights('physics', 'ada')).toMatchObject([{ text }]);
  });

  test('beyond the limit are refused and not published', async () => {
    const { limit } = budgetTable.highlights;
    await database.run(async (db) => {
      const row = { exam_id: 'physics', student_id: 'ada', passage_id: 'p', text: 't', at: '' };
      await db
        .insertInto('exam_highlights')
        .values(Array.from({ length: limit }, () => row))
        .execute();
    });
    await expect(work.highlight('physics', 'ada', { passage_id: 'p', text: 't' })).rejects.toMatchObject({
      code: 'RATE_EXCEEDED',
    });
    expect([events, refused]).toEqual([[], ['highlights']]);
    await work.highlight('physics', 'bob', { passage_id: 'p', text: 't' });
    expect(events).toHaveLength(1);
  });
});

describe('progress', () => {
  test('is published at once, then at most every two seconds, and always the last position', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await progress(1);
    await progress(2);
    await progress(3);
    const published = (): unknown[] =>
      events.map((event) => (event.type === 'student_progress' ? event.question_number : event.type));
    expect(published()).toEqual([1]);
    nowMs += 2000;
    await vi.advanceTimersByTimeAsync(2000);
    vi.useRealTimers();
    await waitUntil(() => events.length === 2);
    expect(published()).toEqual([1, 3]);
  });

  test('of a student who leaves in between is dropped with the rest when the server stops', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await progress(1);
    await progress(2);
    work.close();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events).toHaveLength(1);
  });
});

describe('handing in', () => {
  test('publishes once how much was answered, and in what time', async () => {
    await answer(1);
    await answer(2);
    nowMs += 61_499;
    events.length = 0;
    const all = await Promise.all([1, 2, 3].map(() => work.submit('physics', 'ada', { score: null, chain: null })));
    expect(all).toEqual([all[0], all[0], all[0]]);
    expect(all[0]).toEqual({
      submittedAt: new Date(nowMs).toISOString(),
      score: null,
      timeTakenSeconds: 61,
      chain: null,
    });
    expect(events).toMatchObject([
      { type: 'student_submitted', student_name: 'Ada', answered_questions: 2, total_questions: 3, score: null },
    ]);
    expect(done).toHaveLength(3);
  });

  test('is accepted until the grace after completion is over', async () => {
    await exams.step('physics', 'complete', 'tina');
    nowMs += submitGraceMs;
    await work.submit('physics', 'ada', { score: null, chain: null });
    nowMs += 1;
    await expect(work.submit('physics', 'bob', { score: null, chain: null })).rejects.toMatchObject({
      code: 'WRONG_STATUS',
      message: 'submitting is not allowed while the exam is COMPLETED',
    });
    // A submission made in time is still returned.
    expect(await work.submit('physics', 'ada', { score: null, chain: null })).toMatchObject({
      timeTakenSeconds: submitGraceMs / 1000,
    });
  });

  test('is never done in negative time, whatever the clock does', async () => {
    nowMs -= 3_600_000;
    expect(await work.submit('physics', 'ada', { score: null, chain: null })).toMatchObject({ timeTakenSeconds: 0 });
  });

  test('is refused in a cancelled exam', async () => {
    await exams.step('physics', 'cancel', 'tina');
    await expect(work.submit('physics', 'ada', { score: null, chain: null })).rejects.toMatchObject({
      code: 'WRONG_STATUS',
    });
  });
});

describe('with extra time for one student', () => {
  const minuteMs = 60_000;
  const at = (minutes: number): void => void (nowMs = startedMs + minutes * minuteMs);
  const submit = (studentId: string) => work.submit('timed', studentId, { score: null, chain: null });
  const answerOf = (studentId: string) =>
    work.answer('timed', studentId, { question_id: 'q1', question_number: 1, answer: 'a' });
  const timeIsUp = { code: 'WRONG_STATUS', message: 'this student’s time is up' };

  beforeEach(async () => {
    await exams.create(v.parse(NewExamSchema, { exam_id: 'timed', duration_minutes: 60 }), 'tina');
    await exams.enrol('timed', { students: [{ student_id: 'ada' }, { student_id: 'bob' }] });
    await exams.step('timed', 'open', 'tina');
    await exams.step('timed', 'start', 'tina');
    await giveExtraTime(database, 'timed', 'ada', 30);
  });

  test('the others’ answers and progress end with their own time, except for those on their way', async () => {
    nowMs = startedMs + 60 * minuteMs + lateAnswerMs;
    await answerOf('bob');
    at(61);
    await expect(answerOf('bob')).rejects.toMatchObject(timeIsUp);
    const place = { passage_index: 0, question_index: 0, question_number: 1 };
    await expect(work.progress('timed', 'bob', place)).rejects.toMatchObject(timeIsUp);
    expect(await answerOf('ada')).toEqual({ isUpdate: false });
  });

  test('the others can hand in for the grace after their own time; it counts as done at its end', async () => {
    at(62);
    await submit('bob');
    expect(done).toEqual([['timed', 'bob', null, startedMs + 60 * minuteMs]]);
    await students.enrol('timed', [{ id: 'cleo', name: null }], new Date(nowMs).toISOString());
    nowMs += 1;
    await expect(submit('cleo')).rejects.toMatchObject(timeIsUp);
    at(90);
    await exams.completeOverdue();
    await expect(submit('cleo')).rejects.toMatchObject({ code: 'WRONG_STATUS' });
    at(92);
    expect(await submit('ada')).toMatchObject({ timeTakenSeconds: 92 * 60 });
  });

  test('the last ones’ grace begins when the exam completes, even if the server was unavailable at the end', async () => {
    at(100);
    await exams.completeOverdue();
    at(102);
    expect(await submit('ada')).toMatchObject({ timeTakenSeconds: 102 * 60 });
  });
});

test.each(['unknown-student', 'tina'])('work of %s, who is not enrolled, is refused', async (studentId) => {
  await expect(answer(1, 'text', studentId)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'this student is not enrolled in the exam',
  });
  await expect(work.submit('physics', studentId, { score: null, chain: null })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('work in an unknown exam is refused', async () => {
  await expect(work.submit('unknown', 'ada', { score: null, chain: null })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: 'there is no exam with this id',
  });
});
