import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { ExamStatus } from '@invigil/protocol/channels';
import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import type { ExamStep } from '../model/exam-status.ts';
import { AccommodationRecords } from './accommodation-records.ts';
import { ExamLinkRecords } from './exam-link-records.ts';
import { ExamRecords } from './exam-records.ts';
import { ExamSetupRecords } from './exam-setup-records.ts';
import { ExamStudentRecords } from './exam-student-records.ts';
import { ExamWorkRecords } from './exam-work-records.ts';
import { LtiDeepLinkRecords } from './lti-deep-link-records.ts';
import { LtiMemberRecords } from './lti-member-records.ts';
import { LtiRecords } from './lti-records.ts';
import { LtiRosterRecords } from './lti-roster-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import { SessionRecords } from './session-records.ts';
import { StudentRequestRecords } from './student-request-records.ts';

const by = { actor: 'tess', at: minute(5) };
const scheduled: ExamStatus[] = ['SCHEDULED'];

onEachDatabase((open) => {
  let database: RecordsDatabase;
  let exams: ExamRecords;
  let setup: ExamSetupRecords;
  let examId: string;

  const createExam = (id = examId) =>
    exams.create({
      examId: id,
      title: 'Physics',
      createdBy: 'tess',
      scheduledAt: minute(0),
      durationMinutes: 60,
      totalQuestions: 10,
      policy: v.parse(ExamPolicySchema, {}),
      pin: randomUUID(),
      teachers: ['tess', 'tom'],
      createdAt: minute(0),
    });
  const audit = () =>
    database.run((db) =>
      db
        .selectFrom('audit')
        .select(['actor', 'action', 'detail'])
        .where('exam_id', '=', examId)
        .where('action', 'in', ['exam.changed', 'exam.deleted'])
        .orderBy('audit_id')
        .execute(),
    );

  beforeEach(async () => {
    database = open();
    exams = new ExamRecords(database);
    setup = new ExamSetupRecords(database);
    examId = `exam-${randomUUID()}`;
    await createExam();
  });

  describe('a change of an exam', () => {
    test('leaves absent fields as they are, and null removes a value', async () => {
      expect(await setup.change(examId, { title: null, duration_minutes: 90 }, scheduled, by)).toBe(true);
      expect(await exams.find(examId)).toMatchObject({
        title: null,
        durationMinutes: 90,
        totalQuestions: 10,
        scheduledAt: minute(0),
      });
      expect(await exams.teachersOf(examId)).toEqual(['tess', 'tom']);
    });

    test('replaces the policy as a whole', async () => {
      const policy = v.parse(ExamPolicySchema, { retention: { frames_days: 2, reports_days: 10 } });
      await setup.change(examId, { policy }, scheduled, by);
      expect((await exams.find(examId))?.policy).toEqual(policy);
      await setup.change(examId, { policy: v.parse(ExamPolicySchema, {}) }, scheduled, by);
      expect((await exams.find(examId))?.policy).toEqual(v.parse(ExamPolicySchema, {}));
    });

    test('replaces the teachers, and names a repeated one once', async () => {
      await setup.change(examId, { teachers: ['uma', 'tess', 'uma'] }, scheduled, by);
      expect((await exams.teachersOf(examId)).toSorted()).toEqual(['tess', 'uma']);
      expect(await exams.teaches('tom', examId)).toBe(false);
    });

    test('touches no other exam', async () => {
      const other = `${examId}-other`;
      await createExam(other);
      await setup.change(examId, { title: 'Chemistry', teachers: ['uma'] }, scheduled, by);
      expect(await exams.find(other)).toMatchObject({ title: 'Physics' });
      expect(await exams.teachersOf(other)).toEqual(['tess', 'tom']);
    });

    test('in another status changes nothing and leaves no trace in the audit', async () => {
      await exams.step(examId, 'open', minute(1), 'tess');
      expect(await setup.change(examId, { title: 'Late', teachers: ['eve'] }, scheduled, by)).toBe(false);
      expect(await setup.change(`${examId}-unknown`, { title: 'None' }, scheduled, by)).toBe(false);
      expect(await exams.find(examId)).toMatchObject({ title: 'Physics' });
      expect(await exams.teachersOf(examId)).toEqual(['tess', 'tom']);
      expect(await audit()).toEqual([]);
    });

    test('of the teachers by two requests at once leaves the teachers of one of them', async () => {
      const both = [
        ['abe', 'ann'],
        ['bea', 'ben'],
      ];
      const changed = await Promise.all(both.map((teachers) => setup.change(examId, { teachers }, scheduled, by)));
      expect(changed).toEqual([true, true]);
      expect(both).toContainEqual((await exams.teachersOf(examId)).toSorted());
    });

    test('is in the audit with its actor and the new values', async () => {
      await setup.change(examId, { title: 'Chemistry', teachers: ['uma'] }, scheduled, by);
      const [entry, ...more] = await audit();
      expect(entry).toMatchObject({ actor: 'tess', action: 'exam.changed' });
      expect(JSON.parse(entry?.detail ?? '')).toEqual({ title: 'Chemistry', teachers: ['uma'] });
      expect(more).toEqual([]);
    });

    test('of the policy is in the audit without the webhook’s password, which the exam keeps', async () => {
      const webhookUrl = 'https://lrs:secret@lrs.example/statements';
      const policy = v.parse(ExamPolicySchema, { webhook_url: webhookUrl });
      await setup.change(examId, { policy }, scheduled, by);
      const [entry] = await audit();
      expect(JSON.parse(entry?.detail ?? '')).toEqual({
        policy: { ...policy, webhook_url: 'https://lrs.example/statements' },
      });
      expect((await exams.find(examId))?.policy.webhook_url).toBe(webhookUrl);
    });
  });

  describe('deleting an exam', () => {
    const enrol = () => new ExamStudentRecords(database).enrol(examId, [{ id: 'ada', name: 'Ada' }], minute(1));
    const link = () => ({ platformId: 'p', deploymentId: 'd', resourceLinkId: examId });

    test('removes everything that names its students, and frees its id', async () => {
      await enrol();
      const links = new ExamLinkRecords(database);
      const requests = new StudentRequestRecords(database);
      const accommodations = new AccommodationRecords(database);
      const personal = {
        linkId: 'l',
        examId,
        studentId: 'ada',
        createdAt: minute(1),
        expiresAt: minute(9),
        revokedAt: null,
      };
      await links.replace(examId, () => [personal], 'tess');
      const asked = { requestId: examId, kind: 'help' as const, studentId: 'ada', text: 'where?', at: minute(1) };
      await requests.add(examId, { ...asked, doneAt: null, doneBy: null }, 9);
      await accommodations.set(examId, 'ada', [{ name: 'reads-aloud', off: ['talking'], longer: {} }], by);
      expect(await setup.delete(examId, by)).toBe(true);
      expect(await exams.find(examId)).toBeNull();
      expect(await createExam()).toBeNull();
      expect(await new ExamStudentRecords(database).list(examId)).toEqual([]);
      expect(await links.list(examId)).toEqual([]);
      expect(await requests.list(examId)).toEqual([]);
      expect(await accommodations.ofExam(examId)).toEqual([]);
    });

    test('ends its ties with courses: nobody is read into it any more', async () => {
      const lti = new LtiRecords(database);
      const rosters = new LtiRosterRecords(database);
      const members = new LtiMemberRecords(database);
      const items = new LtiDeepLinkRecords(database);
      await lti.tie(link(), examId);
      await rosters.save({ ...link(), examId, membershipsUrl: 'https://moodle.example/members' }, minute(1));
      await members.add(examId, [{ userId: 'ada', part: 'student' }]);
      await items.addItem({ itemId: examId, platformId: 'p', deploymentId: 'd', contextId: null, examId });
      expect(await setup.delete(examId, by)).toBe(true);
      expect(await lti.examOf(link())).toBeNull();
      expect(await rosters.countOf(examId)).toBe(0);
      expect(await members.list(examId)).toEqual([]);
      expect(await items.item(examId)).toBeNull();
    });

    test('leaves the data of other exams', async () => {
      const other = `${examId}-other`;
      await createExam(other);
      await new ExamStudentRecords(database).enrol(other, [{ id: 'ada', name: 'Ada' }], minute(1));
      await setup.delete(examId, by);
      expect(await exams.teachersOf(other)).toEqual(['tess', 'tom']);
      expect(await new ExamStudentRecords(database).list(other)).toHaveLength(1);
    });

    test('is done by one of five requests, and noted once, without a student’s id', async () => {
      await enrol();
      const deleted = await Promise.all(Array.from({ length: 5 }, () => setup.delete(examId, by)));
      expect(deleted.filter(Boolean)).toHaveLength(1);
      expect(await audit()).toEqual([{ actor: 'tess', action: 'exam.deleted', detail: null }]);
    });

    test.each<{ status: string; steps: ExamStep[]; isDeleted: boolean }>([
      { status: 'WAITING', steps: ['open'], isDeleted: false },
      { status: 'IN_PROGRESS', steps: ['open', 'start'], isDeleted: false },
      { status: 'COMPLETED', steps: ['open', 'start', 'complete'], isDeleted: false },
      { status: 'CANCELLED', steps: ['open', 'cancel'], isDeleted: true },
    ])('that is $status without students: $isDeleted', async ({ status, steps, isDeleted }) => {
      for (const step of steps) await exams.step(examId, step, minute(1), 'tess');
      expect((await exams.find(examId))?.status).toBe(status);
      expect(await setup.delete(examId, by)).toBe(isDeleted);
      expect((await exams.find(examId)) === null).toBe(isDeleted);
      expect(await exams.teachersOf(examId)).toEqual(isDeleted ? [] : ['tess', 'tom']);
    });

    const student = { questionId: 'q', questionNumber: 1, answer: 'a', answeredAt: minute(2), chain: null };
    const traces: [string, () => Promise<unknown>][] = [
      [
        'progress',
        () =>
          new ExamStudentRecords(database).saveProgress(
            examId,
            'ada',
            { passageIndex: 0, questionIndex: 0, questionNumber: 1 },
            minute(2),
          ),
      ],
      [
        'an answer of somebody who is not enrolled',
        () => new ExamWorkRecords(database).saveAnswer(examId, 'bob', student, { questions: 9, characters: 99 }),
      ],
      [
        'a highlight',
        () =>
          new ExamWorkRecords(database).saveHighlight(
            examId,
            'ada',
            { passageId: 'p', text: 't', at: minute(2) },
            { highlights: 9, characters: 99 },
          ),
      ],
      [
        'a violation',
        () =>
          new ExamWorkRecords(database).saveViolations(
            examId,
            'ada',
            'TAB_SWITCH',
            { source: 'request', times: [Date.parse(minute(2))] },
            { intervalMs: 1000, matchMs: 0, most: 9 },
          ),
      ],
      [
        'a session without a student',
        () =>
          new SessionRecords(database).create({
            sessionId: `session-${examId}`,
            examId,
            memberId: null,
            startedAt: minute(2),
            actor: 'tess',
          }),
      ],
    ];
    test.each(traces)('is refused after %s', async (_trace, leave) => {
      await enrol();
      await leave();
      expect(await setup.delete(examId, by)).toBe(false);
      expect(await new ExamStudentRecords(database).list(examId)).toHaveLength(1);
      expect(await audit()).toEqual([]);
    });
  });
});
