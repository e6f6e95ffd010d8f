import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { NewExamSchema } from '@invigil/protocol/channels';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import type { Principal } from '../model/principal.ts';
import type { ExamEvent, ExamStatus } from '@invigil/protocol/channels';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { localBus } from '../../test/local-bus.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import type { RecordsLocation } from '../records/records-database.ts';
import { ExamEvents } from './exam-events.ts';
import { Exams } from './exams.ts';
import { SessionAdmission } from './session-admission.ts';

const beginMs = Date.parse('2026-01-05T09:00:00Z');
const person = (userId: string, role: Principal['role']): Principal => ({
  userId,
  role,
  sessionId: null,
  examId: null,
  expiresAtMs: null,
});
const [teacher, other] = [person('teacher', 'TEACHER'), person('other', 'TEACHER')];
const [ada, admin] = [person('ada', 'STUDENT'), person('admin', 'ADMIN')];

const contract = (location: () => RecordsLocation): void => {
  let database: RecordsDatabase;
  let bus: Bus;
  let records: ExamRecords;
  let students: ExamStudentRecords;
  let exams: Exams;
  let admission: SessionAdmission;
  let clockMs: number;
  let examsOver: number;
  let made = 0;
  let examId: string;

  beforeEach(() => {
    database = new RecordsDatabase(location());
    bus = localBus(() => undefined);
    records = new ExamRecords(database);
    students = new ExamStudentRecords(database);
    clockMs = beginMs;
    examsOver = 0;
    examId = `exam-${made++}`;
    const now = (): number => clockMs;
    exams = new Exams({
      exams: records,
      students,
      attendance: new AttendanceRecords(database),
      events: new ExamEvents(bus),
      now,
    });
    exams.onOver(() => (examsOver += 1));
    admission = new SessionAdmission({
      exams: records,
      students,
      erasures: { erasedAt: async () => null },
      allowsUnregisteredExams: true,
      now,
    });
  });
  afterEach(async () => {
    await bus.close();
    await database.close();
  });

  const create = (wishes: object = {}) =>
    exams.create(v.parse(NewExamSchema, { exam_id: examId, ...wishes }), 'teacher');

  test('an exam has the requested fields, its own PIN, and its creator as a teacher', async () => {
    const exam = await create({ title: 'Physics', teachers: ['other', 'teacher'], policy: { evidence: 'thumbnail' } });
    expect(exam).toMatchObject({ examId, title: 'Physics', status: 'SCHEDULED', createdBy: 'teacher' });
    expect(exam.pin).toMatch(/^[1-9]\d{5}$/);
    expect(exam.policy).toMatchObject({ evidence: 'thumbnail', live_view: 'numbers', report_to_student: true });
    expect(await records.teachersOf(examId)).toEqual(['other', 'teacher']);
    expect(await records.findByPin(exam.pin ?? '')).toEqual(exam);
    await expect(create()).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
  });

  test('applies only one of two concurrent steps', async () => {
    await create();
    const steps = await Promise.allSettled([exams.step(examId, 'open', 'a'), exams.step(examId, 'open', 'b')]);
    expect(steps.map(({ status }) => status).toSorted((a, b) => a.localeCompare(b))).toEqual(['fulfilled', 'rejected']);
    await expect(exams.step('no-exam', 'open', 'a')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('an exam whose time is up completes automatically, once', async () => {
    const received: ExamEvent[] = [];
    bus.subscribe(topics.examAll, [examId], (message) => received.push(message));
    await create({ duration_minutes: 30 });
    await exams.step(examId, 'open', 'teacher');
    clockMs += 3_600_000;
    await exams.step(examId, 'start', 'teacher');
    clockMs += 30 * 60_000 - 1;
    await exams.completeOverdue();
    expect((await exams.get(examId)).status).toBe('IN_PROGRESS');
    clockMs += 1;
    await Promise.all([exams.completeOverdue(), exams.completeOverdue()]);
    expect(await exams.get(examId)).toMatchObject({
      status: 'COMPLETED',
      completedAt: new Date(clockMs).toISOString(),
    });
    expect(received.filter(({ type }) => type === 'session_completed')).toHaveLength(1);
    expect(examsOver).toBe(1);
  });

  test('states every step after a known status, in order, to those who missed it', async () => {
    const typesAfter = async (known: ExamStatus) =>
      (await exams.announced(examId, known)).map((event) =>
        event.type === 'session_status_changed' ? event.status : event.type,
      );
    expect(await typesAfter('SCHEDULED')).toEqual([]);
    await create();
    expect(await typesAfter('SCHEDULED')).toEqual([]);
    for (const step of ['open', 'start', 'complete'] as const) await exams.step(examId, step, 'teacher');
    expect(await typesAfter('WAITING')).toEqual(['session_started', 'IN_PROGRESS', 'session_completed', 'COMPLETED']);
    expect(await typesAfter('IN_PROGRESS')).toEqual(['session_completed', 'COMPLETED']);
    expect(await typesAfter('COMPLETED')).toEqual([]);
  });

  test('enrolling again without a name keeps the known name', async () => {
    await create();
    await exams.enrol(examId, { students: [{ student_id: 'ada', student_name: 'Ada L' }] });
    await exams.enrol(examId, { students: [{ student_id: 'ada' }, { student_id: 'bob' }, { student_id: 'bob' }] });
    expect((await students.list(examId)).map(({ studentId, studentName }) => [studentId, studentName])).toEqual([
      ['ada', 'Ada L'],
      ['bob', null],
    ]);
  });

  test('a managed exam admits only its students, and only while it is open', async () => {
    await create();
    await expect(admission.admit(examId, 'ada', ada)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await admission.admit(examId, 'ada', teacher);
    expect(await students.find(examId, 'ada')).not.toBeNull();
    await expect(admission.admit(examId, 'ada', ada)).rejects.toMatchObject({ code: 'WRONG_STATUS' });
    await exams.step(examId, 'open', 'teacher');
    await admission.admit(examId, 'ada', ada);
    await exams.step(examId, 'cancel', 'teacher');
    await expect(admission.admit(examId, 'ada', teacher)).rejects.toMatchObject({ code: 'WRONG_STATUS' });
  });

  test('an exam that does not exist is created with its first session, and belongs to that session’s teacher', async () => {
    await admission.admit(examId, 'ada', teacher);
    expect(await exams.get(examId)).toMatchObject({ status: 'IN_PROGRESS', createdBy: 'teacher', pin: null });
    expect(await records.teachersOf(examId)).toEqual(['teacher']);
    await expect(exams.create(v.parse(NewExamSchema, { exam_id: examId }), other.userId)).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });

  test('teachers cannot take over an exam that an admin’s session created', async () => {
    await admission.admit(examId, 'ada', admin);
    expect(await records.teachersOf(examId)).toEqual([]);
    await expect(create()).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await admission.admit(examId, 'ada', ada);
    await expect(admission.admit(examId, 'bob', person('bob', 'STUDENT'))).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
  });

  test('a student who came first does not block the exam’s id for the teacher', async () => {
    await admission.admit(examId, 'ada', ada);
    expect(await records.teachersOf(examId)).toEqual([]);
    expect(await create()).toMatchObject({ status: 'SCHEDULED', createdBy: 'teacher' });
    expect(await records.teachersOf(examId)).toEqual(['teacher']);
    await admission.admit(examId, 'bob', admin);
    expect((await students.list(examId)).map(({ studentId }) => studentId)).toEqual(['ada', 'bob']);
  });
};

describe('exams in sqlite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-exams-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  contract(() => ({ kind: 'sqlite', file: join(folder, 'records.db') }));
});

describe('exams in postgres', () => {
  let postgres: PostgresService;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());
  contract(() => ({ kind: 'postgres', url: postgres.url }));
});
