import { join } from 'node:path';
import * as v from 'valibot';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { giveExtraTime } from '../../test/give-extra-time.ts';
import type { ExamStep } from '../model/exam-status.ts';
import type { Principal } from '../model/principal.ts';
import { ErasureRecords } from '../records/erasure-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { StudentRecords } from '../records/student-records.ts';
import { SessionAdmission } from './session-admission.ts';

const at = '2026-01-05T09:00:00.000Z';
const person = (userId: string, role: Principal['role']): Principal => ({
  userId,
  role,
  sessionId: null,
  examId: null,
  expiresAtMs: null,
});
const people = { ada: person('ada', 'STUDENT'), tina: person('tina', 'TEACHER'), root: person('root', 'ADMIN') };
type Who = keyof typeof people;

const databases: RecordsDatabase[] = [];
let exams: ExamRecords;
let students: ExamStudentRecords;
let erasures: ErasureRecords;
const admissionWith = (allowsUnregisteredExams: boolean, afterMinutes = 0) =>
  new SessionAdmission({
    exams,
    students,
    erasures,
    allowsUnregisteredExams,
    now: () => Date.parse(at) + afterMinutes * 60_000,
  });

beforeEach(async () => {
  const database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  databases.push(database);
  exams = new ExamRecords(database);
  students = new ExamStudentRecords(database);
  erasures = new ErasureRecords(database);
});
afterAll(async () => {
  for (const database of databases) await database.close();
  await removeFolders();
});

const createManaged = async (
  steps: readonly ExamStep[],
  enrolled: readonly string[],
  durationMinutes: number | null = null,
): Promise<void> => {
  await exams.create({
    examId: 'physics',
    title: null,
    createdBy: 'tina',
    scheduledAt: null,
    durationMinutes,
    totalQuestions: null,
    policy: v.parse(ExamPolicySchema, {}),
    pin: '123456',
    teachers: ['tina'],
    createdAt: at,
  });
  for (const step of steps) await exams.step('physics', step, at, 'tina');
  if (enrolled.length > 0)
    await students.enrol(
      'physics',
      enrolled.map((id) => ({ id, name: null })),
      at,
    );
};
/** `admitted`, or the code of the refusal. */
const outcome = (admission: SessionAdmission, who: Who, studentId = 'ada'): Promise<string> =>
  admission.admit('physics', studentId, people[who]).then(
    () => 'admitted',
    (error: { code: string }) => error.code,
  );

describe('in a managed exam', () => {
  test.each([
    [[], ['ada'], 'ada', 'WRONG_STATUS'],
    [['open'], ['ada'], 'ada', 'admitted'],
    [['open', 'start'], ['ada'], 'ada', 'admitted'],
    [['open'], [], 'ada', 'ACCESS_DENIED'],
    [[], [], 'tina', 'admitted'],
    [['open'], [], 'root', 'admitted'],
    [['open', 'start', 'complete'], ['ada'], 'ada', 'WRONG_STATUS'],
    [['open', 'start', 'complete'], ['ada'], 'tina', 'WRONG_STATUS'],
    [['cancel'], ['ada'], 'root', 'WRONG_STATUS'],
  ] as [ExamStep[], string[], Who, string][])(
    'after %j, with %j enrolled, %s is %s',
    async (steps, enrolled, who, expected) => {
      await createManaged(steps, enrolled);
      expect(await outcome(admissionWith(true), who)).toBe(expected);
    },
  );

  test('a student whose own time is up is refused while others still have extra time', async () => {
    await createManaged(['open', 'start'], ['ada', 'bob'], 60);
    await giveExtraTime(databases.at(-1)!, 'physics', 'bob', 30);
    expect(await outcome(admissionWith(true, 61), 'tina')).toBe('WRONG_STATUS');
    expect(await outcome(admissionWith(true, 61), 'tina', 'bob')).toBe('admitted');
  });

  test('staff who begin a session enrol the student, and a refused student is not enrolled', async () => {
    await createManaged(['open'], []);
    expect(await outcome(admissionWith(true), 'ada')).toBe('ACCESS_DENIED');
    expect(await students.list('physics')).toEqual([]);
    await outcome(admissionWith(true), 'tina');
    expect((await students.list('physics')).map(({ studentId }) => studentId)).toEqual(['ada']);
  });
});

describe('in an exam that was not created before', () => {
  test.each([
    [false, 'ada', 'ACCESS_DENIED', null],
    [true, 'ada', 'admitted', []],
    [false, 'tina', 'admitted', ['tina']],
    [false, 'root', 'admitted', []],
  ] as const)('unregistered exams allowed: %s, %s is %s', async (allowed, who, expected, teachers) => {
    expect(await outcome(admissionWith(allowed), who)).toBe(expected);
    expect((await exams.find('physics')) === null ? null : await exams.teachersOf('physics')).toEqual(teachers);
  });

  test('two teachers who begin it at once: one of them teaches it', async () => {
    const admission = admissionWith(false);
    await Promise.all([
      admission.admit('physics', 'ada', people.tina),
      admission.admit('physics', 'bob', person('tom', 'TEACHER')),
    ]);
    expect(await exams.teachersOf('physics')).toHaveLength(1);
    expect((await students.list('physics')).map(({ studentId }) => studentId)).toEqual(['ada', 'bob']);
  });
});

describe('a student who was erased', () => {
  const erasedAt = Date.parse(at) - 60_000;
  const outcomeAt = async (issuedAtMs: number): Promise<string> => {
    const database = databases.at(-1)!;
    const entry = {
      at: new Date(erasedAt).toISOString(),
      actor: 'root',
      action: 'student.erased' as const,
      detail: {},
    };
    await new StudentRecords(database).eraseStudent('ada', { student: 'erased:ada' }, entry, {});
    return admissionWith(true)
      .admit('physics', 'ada', { ...people.ada, issuedAtMs, expiresAtMs: erasedAt + 3_600_000 })
      .then(
        () => 'admitted',
        (error: { code: string }) => error.code,
      );
  };

  test('cannot begin a session with a token from before, and creates no exam', async () => {
    expect(await outcomeAt(erasedAt - 1000)).toBe('ACCESS_DENIED');
    expect(await exams.find('physics')).toBeNull();
  });

  test('can with a new one', async () => {
    expect(await outcomeAt(erasedAt + 30_000)).toBe('admitted');
  });

  test('can if a teacher begins it', async () => {
    await outcomeAt(erasedAt - 1000);
    expect(await outcome(admissionWith(true), 'tina')).toBe('admitted');
  });
});
