import { join } from 'node:path';
import * as v from 'valibot';
import { NewExamSchema } from '@invigil/protocol/channels';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { localBus } from '../../test/local-bus.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { CameraLinkRecords } from '../records/camera-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { StudentRequestRecords } from '../records/student-request-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { ExamEvents } from './exam-events.ts';
import { ExamStates } from './exam-states.ts';
import { ExamStatistics } from './exam-stats.ts';
import { Exams } from './exams.ts';

const coverage = { live_s: 0.8, late_s: 0.2, not_observed_s: 0 };
const at = '2026-01-05T09:00:00.000Z';
const now = (): number => Date.parse(at);
let database: RecordsDatabase;
let exams: Exams;
let states: ExamStates;
let sessions: SessionRecords;
let statistics: ExamStatistics;
const bus = localBus();

beforeAll(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  const records = new ExamRecords(database);
  const students = new ExamStudentRecords(database);
  const work = new ExamWorkRecords(database);
  const attendance = new AttendanceRecords(database);
  sessions = new SessionRecords(database);
  exams = new Exams({ exams: records, students, attendance, events: new ExamEvents(bus), now });
  statistics = new ExamStatistics(students, work, attendance);
  const webhookSecretOf = (url: string): string => `secret of ${url}`;
  const requests = new StudentRequestRecords(database);
  const cameras = new CameraLinkRecords(database);
  const recordSets = { records, students, work, attendance, sessions, requests, cameras };
  states = new ExamStates({ exams, ...recordSets, statistics, webhookSecretOf, now });

  const policy = { webhook_url: 'https://hooks.example.org/x' };
  await exams.create(v.parse(NewExamSchema, { exam_id: 'physics', teachers: ['tom'], policy }), 'tina');
  await exams.create(v.parse(NewExamSchema, { exam_id: 'empty' }), 'tina');
  await exams.enrol('physics', {
    students: [{ student_id: 'ada', student_name: 'Ada' }, { student_id: 'bob' }, { student_id: 'cleo' }],
  });
  const place = (userId: string) => ({
    slot: `physics/${userId}`,
    connectionId: userId,
    userId,
    isStudent: true,
    replicaId: 'r',
    connectedAt: at,
  });
  await attendance.change(
    ['ada', 'bob'].map((userId) => ({ examId: 'physics', step: { kind: 'enter', place: place(userId) } })),
  );
  await attendance.change([{ examId: 'physics', step: { kind: 'leave', place: place('bob') } }]);
  for (const question of ['q1', 'q2', 'q3']) {
    const answer = { questionId: question, questionNumber: 1, answer: 'a', answeredAt: at, chain: null };
    await work.saveAnswer('physics', 'ada', answer, { questions: 10, characters: 10_000 });
  }
  await work.saveAnswer(
    'physics',
    'bob',
    {
      questionId: 'q1',
      questionNumber: 1,
      answer: 'b',
      answeredAt: at,
      chain: null,
    },
    { questions: 10, characters: 10_000 },
  );
  await work.saveHighlight(
    'physics',
    'ada',
    { passageId: 'p1', text: 'highlighted', at },
    { highlights: 10, characters: 10_000 },
  );
  await work.saveViolations(
    'physics',
    'ada',
    'TAB_SWITCH',
    { source: 'frame', times: [now()] },
    { intervalMs: 1000, matchMs: 3000, most: 10 },
  );
  await work.saveViolations(
    'physics',
    'bob',
    'COPY_ATTEMPT',
    { source: 'frame', times: [now()] },
    { intervalMs: 1000, matchMs: 3000, most: 10 },
  );
  await students.saveProgress('physics', 'ada', { passageIndex: 1, questionIndex: 2, questionNumber: 3 }, at);
  await students.submit('physics', 'bob', { submittedAt: at, timeTakenSeconds: 60, score: 7, chain: null });
  for (const [index, sessionId] of ['s2', 's1'].entries()) {
    const startedAt = new Date(now() + index * 60_000).toISOString();
    await sessions.create({ sessionId, examId: 'physics', memberId: 'ada', startedAt, actor: 'ada' });
  }
  await sessions.saveFramesStored('s2', { frames: 5, chain: { head: 'head', nonce: 'nonce' }, coverage });
});
afterAll(async () => {
  await bus.close();
  await database.close();
  await removeFolders();
});

describe('an exam’s statistics', () => {
  test('count those who took part, not those who were only enrolled', async () => {
    expect(await statistics.of('physics')).toEqual({
      total_participants: 2,
      connected_count: 1,
      submitted_count: 1,
      // Four answers of two participants.
      average_progress: 2,
      total_violations: 2,
    });
  });

  test('are zero without activity, and do not divide by zero', async () => {
    expect(await statistics.of('empty')).toEqual({
      total_participants: 0,
      connected_count: 0,
      submitted_count: 0,
      average_progress: 0,
      total_violations: 0,
    });
  });
});

describe('the state for a teacher', () => {
  test('has every student with what became of them', async () => {
    const state = await states.forTeacher('physics');
    expect(state).toMatchObject({ exam_id: 'physics', teachers: ['tina', 'tom'], server_time: at });
    expect(state.students).toEqual([
      {
        student_id: 'ada',
        student_name: 'Ada',
        joined_at: at,
        connected: true,
        progress: { passage_index: 1, question_index: 2, question_number: 3 },
        answered_questions: 3,
        violations: { TAB_SWITCH: 1 },
        submission: null,
        check: null,
        extra_minutes: 0,
        phone_camera: false,
        sessions: [
          { session_id: 's2', status: 'running', started_at: at, ended_at: null, has_frames: true, coverage },
          {
            session_id: 's1',
            status: 'running',
            started_at: '2026-01-05T09:01:00.000Z',
            ended_at: null,
            has_frames: false,
            coverage: null,
          },
        ],
      },
      {
        student_id: 'bob',
        student_name: 'bob',
        joined_at: at,
        connected: false,
        progress: null,
        answered_questions: 1,
        violations: { COPY_ATTEMPT: 1 },
        submission: { submitted_at: at, score: 7, time_taken_seconds: 60 },
        check: null,
        extra_minutes: 0,
        phone_camera: false,
        sessions: [],
      },
      {
        student_id: 'cleo',
        student_name: 'cleo',
        joined_at: null,
        connected: false,
        progress: null,
        answered_questions: 0,
        violations: {},
        submission: null,
        check: null,
        extra_minutes: 0,
        phone_camera: false,
        sessions: [],
      },
    ]);
  });

  test('has no coverage of an exam without a live view', async () => {
    await exams.create(v.parse(NewExamSchema, { exam_id: 'unseen', policy: { live_view: 'none' } }), 'tina');
    await exams.enrol('unseen', { students: [{ student_id: 'ada' }] });
    await sessions.create({ sessionId: 's3', examId: 'unseen', memberId: 'ada', startedAt: at, actor: 'ada' });
    await sessions.saveFramesStored('s3', { frames: 5, chain: null, coverage });
    const { students } = await states.forTeacher('unseen');
    expect(students[0]?.sessions).toMatchObject([{ session_id: 's3', has_frames: true, coverage: null }]);
  });

  test('has the secret of the exam’s own webhook address, and none without an address', async () => {
    expect((await states.forTeacher('physics')).webhook_secret).toBe('secret of https://hooks.example.org/x');
    expect((await states.forTeacher('empty')).webhook_secret).toBeNull();
  });
});

describe('the state for a student', () => {
  test('has their own work', async () => {
    expect((await states.forStudent('physics', 'ada')).attempt).toEqual({
      student_id: 'ada',
      student_name: 'Ada',
      joined_at: at,
      progress: { passage_index: 1, question_index: 2, question_number: 3 },
      answers: ['q1', 'q2', 'q3'].map((question) => ({
        question_id: question,
        question_number: 1,
        answer: 'a',
        answered_at: at,
      })),
      highlights: [{ passage_id: 'p1', text: 'highlighted', at }],
      submission: null,
      check: null,
      extra_minutes: 0,
    });
  });

  test('has nothing of the others but how many are connected', async () => {
    const state = await states.forStudent('physics', 'bob');
    expect(state.connected_count).toBe(1);
    expect(JSON.stringify(state)).not.toMatch(/ada|Ada|cleo|tina|hooks\.example/);
    expect(state).not.toHaveProperty('pin');
  });

  test('has no attempt of a student who is not enrolled', async () => {
    expect((await states.forStudent('physics', 'stranger')).attempt).toBeNull();
  });
});

test.each(['forTeacher', 'forStudent'] as const)('%s of an unknown exam is refused', async (kind) => {
  await expect(states[kind]('unknown', 'ada')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
