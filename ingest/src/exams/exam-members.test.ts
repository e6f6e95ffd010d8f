import { join } from 'node:path';
import * as v from 'valibot';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { ExamMembers } from './exam-members.ts';
import { recordedPolicies } from './exam-policies.ts';
import { recordedExamMembership } from './recorded-exam-membership.ts';

const at = '2026-01-05T09:00:00.000Z';
let database: RecordsDatabase;
let exams: ExamRecords;
let students: ExamStudentRecords;
beforeAll(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  exams = new ExamRecords(database);
  students = new ExamStudentRecords(database);
  await exams.create({
    examId: 'physics',
    title: null,
    createdBy: 'tina',
    scheduledAt: null,
    durationMinutes: null,
    totalQuestions: null,
    policy: v.parse(ExamPolicySchema, { breaks: true }),
    pin: '123456',
    teachers: ['tina', 'ada'],
    createdAt: at,
  });
  await students.enrol(
    'physics',
    [
      { id: 'ada', name: 'Ada Lovelace' },
      { id: 'bob', name: null },
    ],
    at,
  );
  await exams.createWithSession('platform', null, at);
});
afterAll(async () => {
  await database.close();
  await removeFolders();
});

describe('who takes part in an exam', () => {
  test.each([
    ['physics', 'bob', { role: 'student', name: null }],
    ['physics', 'tina', { role: 'teacher', name: null }],
    // Enrolled and a teacher: as a student they see less.
    ['physics', 'ada', { role: 'student', name: 'Ada Lovelace' }],
    ['physics', 'stranger', null],
    ['platform', 'tina', null],
    ['unknown', 'ada', null],
  ] as const)('%s, %s: %o', async (examId, memberId, expected) => {
    expect(await new ExamMembers(exams, students).find(examId, memberId)).toEqual(expected);
  });
});

describe('exam membership', () => {
  test('tells an exam without teachers from one that does not exist', async () => {
    const membership = recordedExamMembership(exams, students);
    expect(await membership.teachersOf('physics')).toEqual(['ada', 'tina']);
    expect(await membership.teachersOf('platform')).toEqual([]);
    expect(await membership.teachersOf('unknown')).toBeNull();
  });

  test('follows the records', async () => {
    const membership = recordedExamMembership(exams, students);
    expect(await membership.isEnrolled('late', 'physics')).toBe(false);
    await students.enrol('physics', [{ id: 'late', name: null }], at);
    expect(await membership.isEnrolled('late', 'physics')).toBe(true);
    expect(await membership.isEnrolled('late', 'platform')).toBe(false);
  });
});

test('the policy of an exam is the recorded one; null without an exam', async () => {
  const policyOf = recordedPolicies(exams);
  expect(await policyOf('physics')).toMatchObject({ breaks: true });
  expect(await policyOf('unknown')).toBeNull();
  expect(await policyOf(null)).toBeNull();
});
