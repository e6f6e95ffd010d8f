import { join } from 'node:path';
import * as v from 'valibot';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import { afterAll, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import type { PersonalLinks } from '../auth/personal-links.ts';
import { ExamLinkRecords } from '../records/exam-link-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamSetupRecords } from '../records/exam-setup-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { LtiDeepLinkRecords } from '../records/lti-deep-link-records.ts';
import { LtiMemberRecords } from '../records/lti-member-records.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { ExamPlaces, resourceLinkOf } from './exam-places.ts';
import type { ExamPlacesOptions } from './exam-places.ts';

afterAll(removeFolders);

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 0, 5, 9);
const newExam = {
  title: null,
  scheduledAt: null,
  durationMinutes: null,
  totalQuestions: null,
  policy: v.parse(ExamPolicySchema, {}),
  pin: '123456',
  createdAt: new Date(startMs).toISOString(),
};

test('a student whose link is about to expire enters with the same link, valid for another week', async () => {
  const database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  let nowMs = startMs;
  const [records, exams, linkRecords] = [
    new LtiRecords(database),
    new ExamRecords(database),
    new ExamLinkRecords(database),
  ];
  await exams.create({ ...newExam, examId: 'physics', createdBy: 'tina', teachers: ['tina'] });
  const places = new ExamPlaces({
    records,
    items: new LtiDeepLinkRecords(database),
    members: new LtiMemberRecords(database),
    exams,
    createExam: () => Promise.reject(new Error('there is an exam')),
    setup: new ExamSetupRecords(database),
    students: new ExamStudentRecords(database),
    linkRecords,
    links: { tokenOf: async ({ expiresAt }: { expiresAt: string }) => expiresAt } as unknown as PersonalLinks,
    staff: null as unknown as ExamPlacesOptions['staff'],
    now: () => nowMs,
  });
  const platform = { platformId: 'moodle' } as Parameters<ExamPlaces['enterAsStudent']>[0];
  const launch = {
    deploymentId: '1',
    subject: 'ada',
    name: 'Ada',
    link: { id: 'link-1', title: null },
    itemId: null,
  } as unknown as Parameters<ExamPlaces['enterAsStudent']>[1];
  await records.tie(resourceLinkOf(platform, launch), 'physics');
  const enter = async () => {
    const { studentId, path } = await places.enterAsStudent(platform, launch);
    const link = await linkRecords.find('physics', studentId);
    return { linkId: link?.linkId, leftMs: Date.parse(path.split('#link=')[1] ?? '') - nowMs };
  };
  const first = await enter();
  nowMs += 6 * dayMs;
  expect(await enter()).toEqual({ linkId: first.linkId, leftMs: dayMs });
  nowMs += 1000;
  expect(await enter()).toEqual({ linkId: first.linkId, leftMs: 7 * dayMs });
  await database.close();
});

test('of two teachers who open a new link at the same time, both get the same exam, and no twin is left', async () => {
  const database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  const exams = new ExamRecords(database);
  let made = 0;
  // Both have made their exam before either is tied to the link.
  let release = (): void => undefined;
  const both = new Promise<void>((resolve) => (release = resolve));
  const createExam: ExamPlacesOptions['createExam'] = async (_exam, teacherId) => {
    const examId = `exam-${(made += 1)}`;
    const exam = { ...newExam, examId, pin: `12345${made}`, createdBy: teacherId, teachers: [teacherId] };
    expect(await exams.create(exam)).toBeNull();
    if (made === 2) release();
    await both;
    return examId;
  };
  const places = new ExamPlaces({
    records: new LtiRecords(database),
    items: new LtiDeepLinkRecords(database),
    members: new LtiMemberRecords(database),
    exams,
    createExam,
    setup: new ExamSetupRecords(database),
    students: new ExamStudentRecords(database),
    linkRecords: new ExamLinkRecords(database),
    links: null as unknown as PersonalLinks,
    staff: { begin: async () => null } as unknown as ExamPlacesOptions['staff'],
    now: () => startMs,
  });
  const enter = (subject: string) =>
    places.enterAsTeacher(
      { platformId: 'moodle', issuer: 'https://moodle.example' } as Parameters<ExamPlaces['enterAsTeacher']>[0],
      { deploymentId: '1', subject, link: { id: 'link-1', title: 'Physics' }, itemId: null } as unknown as Parameters<
        ExamPlaces['enterAsTeacher']
      >[1],
    );
  const [first, second] = await Promise.all([enter('hill'), enter('tom')]);
  expect(first.examId).toBe(second.examId);
  const rows = await database.run((db) => db.selectFrom('exams').select('exam_id').execute());
  expect(rows).toEqual([{ exam_id: first.examId }]);
  expect(await exams.teachersOf(first.examId)).toHaveLength(2);
  await database.close();
});
