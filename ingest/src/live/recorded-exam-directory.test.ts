import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { NewExamSchema } from '@invigil/protocol/channels';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import * as v from 'valibot';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { localBus } from '../../test/local-bus.ts';
import { AccessControl } from '../auth/access.ts';
import { ExamEvents } from '../exams/exam-events.ts';
import { Exams } from '../exams/exams.ts';
import { recordedExamMembership } from '../exams/recorded-exam-membership.ts';
import type { Principal, Role } from '../model/principal.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamSetupRecords } from '../records/exam-setup-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { devExamDirectory } from './exam-directory.ts';
import type { ExamDirectory } from './exam-directory.ts';
import { recordedExamDirectory } from './recorded-exam-directory.ts';

const person = (userId: string, role: Role): Principal => ({
  userId,
  role,
  sessionId: null,
  examId: null,
  expiresAtMs: null,
});
const [ada, tina, root] = [person('ada', 'STUDENT'), person('tina', 'TEACHER'), person('root', 'ADMIN')];
const cacheMs = 5000;

let database: RecordsDatabase;
beforeAll(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
});
afterAll(async () => {
  await database.close();
  await removeFolders();
});

let nowMs: number;
let examId: string;
let records: ExamRecords;
let students: ExamStudentRecords;
let exams: Exams;
let directory: ExamDirectory;

beforeEach(() => {
  [nowMs, examId] = [Date.parse('2026-01-05T09:00:00Z'), `directory-${randomUUID()}`];
  const now = (): number => nowMs;
  records = new ExamRecords(database);
  students = new ExamStudentRecords(database);
  const attendance = new AttendanceRecords(database);
  exams = new Exams({ exams: records, students, attendance, events: new ExamEvents(localBus()), now });
  const access = new AccessControl(recordedExamMembership(records, students));
  directory = recordedExamDirectory(access, records, students, now);
});

const create = async (wishes: object = {}): Promise<number> => {
  const exam = await exams.create(v.parse(NewExamSchema, { exam_id: examId, ...wishes }), 'tina');
  return Number(exam.pin);
};

describe('the exams in the records', () => {
  test('have a PIN until they are over', async () => {
    const pin = await create();
    expect(await directory.examOfPin(pin)).toBe(examId);
    await exams.step(examId, 'cancel', 'tina');
    expect(await directory.examOfPin(pin)).toBeNull();
  });

  test('cache who may watch for five seconds, and then see a teacher who was added', async () => {
    await create();
    const tom = person('tom', 'TEACHER');
    expect(await directory.mayWatch(tom, examId)).toBe(false);
    const by = { actor: 'tina', at: '2026-01-05T09:00:00.000Z' };
    await new ExamSetupRecords(database).change(examId, { teachers: ['tina', 'tom'] }, ['SCHEDULED'], by);
    expect(await directory.mayWatch(tom, examId)).toBe(false);
    nowMs += cacheMs + 1;
    expect(await directory.mayWatch(tom, examId)).toBe(true);
  });

  test('keep the answers for a teacher and a student of the same name apart', async () => {
    await create();
    expect(await directory.mayWatch(tina, examId)).toBe(true);
    expect(await directory.mayWatch(person('tina', 'STUDENT'), examId)).toBe(false);
  });

  test('let only an admin watch sessions without an exam', async () => {
    expect([await directory.mayWatch(tina, null), await directory.mayWatch(root, null)]).toEqual([false, true]);
  });

  test('show a student’s name to nobody’s exam but their own', async () => {
    await create();
    await exams.enrol(examId, { students: [{ student_id: 'ada', student_name: 'Ada' }] });
    expect(await directory.nameOf(examId, 'ada')).toBe('Ada');
    expect(await directory.nameOf('other', 'ada')).toBeNull();
  });

  test('let a student in as soon as the waiting room opens, without waiting for a cache', async () => {
    await create();
    expect(await directory.closedTo(ada, examId)).toEqual({ state: 'early' });
    expect(await directory.closedTo(tina, examId)).toBeNull();
    await exams.step(examId, 'open', 'tina');
    expect(await directory.closedTo(ada, examId)).toBeNull();
  });

  test('are closed to everybody once they are cancelled, and to nobody if they are unknown', async () => {
    await create();
    await exams.step(examId, 'cancel', 'tina');
    const over = { state: 'over', status: 'CANCELLED' };
    expect([await directory.closedTo(ada, examId), await directory.closedTo(tina, examId)]).toEqual([over, over]);
    expect(await directory.closedTo(ada, 'no-exam')).toBeNull();
  });

  test('notify their creator first, and the other teachers if nobody acknowledges', async () => {
    await create({ teachers: ['tom', 'tina'] });
    expect(await directory.teachersOf(examId)).toEqual({ first: ['tina'], others: ['tom'] });
    expect(await directory.teachersOf(null)).toEqual({ first: [], others: [] });
    expect(await directory.teachersOf('no-exam')).toEqual({ first: [], others: [] });
  });

  test('have their own policy, and the most private one if there is no exam', async () => {
    await create({ policy: { live_view: 'none', evidence: 'none' } });
    expect(await directory.policyOf(examId)).toMatchObject({ live_view: 'none', evidence: 'none' });
    expect(await directory.policyOf(null)).toEqual(await directory.policyOf('no-exam'));
  });
});

describe('with AUTH=dev', () => {
  test('a recorded exam has its PIN, and every other PIN is an exam as well', async () => {
    const pin = await create();
    const dev = devExamDirectory(directory);
    expect(await dev.examOfPin(pin)).toBe(examId);
    await exams.step(examId, 'cancel', 'tina');
    expect(await dev.examOfPin(pin)).toBe(`pin-${pin}`);
  });

  test('a recorded exam’s policy and status count, though everybody may watch', async () => {
    await create({ policy: { live_view: 'none' } });
    const dev = devExamDirectory(directory);
    expect((await dev.policyOf(examId)).live_view).toBe('none');
    expect(await dev.closedTo(ada, examId)).toEqual({ state: 'early' });
    expect(await dev.mayWatch(ada, examId)).toBe(true);
  });
});
test('callers share one read, and a failed read is not kept', async () => {
  let reads = 0;
  let isAway = true;
  const access = new AccessControl({
    async teachersOf() {
      reads += 1;
      if (isAway) throw new Error('the records are away');
      return ['tina'];
    },
    isEnrolled: async () => false,
  });
  const unused = {} as unknown as ExamRecords & ExamStudentRecords;
  const shared = recordedExamDirectory(access, unused, unused, () => 0);
  const ask = () => shared.mayWatch(tina, 'physics');
  const answers = await Promise.allSettled([ask(), ask(), ask()]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(reads).toBe(1);
  isAway = false;
  expect(await Promise.all([ask(), ask()])).toEqual([true, true]);
  expect(reads).toBe(2);
});
