import { randomUUID } from 'node:crypto';
import { NewExamSchema } from '@invigil/protocol/channels';
import type { ExamTeacherEvent } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { onEachDatabase } from '../../test/each-database.ts';
import { localBus } from '../../test/local-bus.ts';
import { budgetTable } from '../budget/budget-table.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { StudentRequestRecords } from '../records/student-request-records.ts';
import { ExamEvents } from './exam-events.ts';
import { Exams } from './exams.ts';
import { StudentRequests } from './student-requests.ts';

const at = '2026-01-05T09:00:00.000Z';
const checks = { items: { camera: 'good', light: 'attention' }, calibrated: true } as const;

onEachDatabase((open) => {
  let examId: string;
  let exams: Exams;
  let students: ExamStudentRecords;
  let records: StudentRequestRecords;
  let requests: StudentRequests;
  let announced: ExamTeacherEvent[];
  let refused: string[];

  beforeEach(() => {
    const database = open();
    const now = (): number => Date.parse(at);
    [examId, announced, refused] = [`requests-${randomUUID()}`, [], []];
    const events = new ExamEvents(localBus());
    events.follow(examId, {
      onEvent: () => undefined,
      onTeacherEvent: (event) => announced.push(event),
      onReplaced: () => undefined,
    });
    students = new ExamStudentRecords(database);
    records = new StudentRequestRecords(database);
    const attendance = new AttendanceRecords(database);
    exams = new Exams({ exams: new ExamRecords(database), students, attendance, events, now });
    const budget = { refused: (limit: string) => void refused.push(limit) };
    requests = new StudentRequests({ exams, students, records, events, budget, now });
  });

  const create = async (policy: object = {}): Promise<void> => {
    await exams.create(v.parse(NewExamSchema, { exam_id: examId, policy }), 'tina');
    await exams.enrol(examId, { students: [{ student_id: 'ada', student_name: 'Ada' }, { student_id: 'bob' }] });
    announced.length = 0;
  };
  const help = (studentId: string, text: string | null = 'my camera stopped') =>
    requests.ask(examId, studentId, { kind: 'help', text });
  const received = () => announced.filter(({ type }) => type === 'student_request');

  describe('a student’s request', () => {
    test('is kept, open, and announced to the teachers with the student’s name', async () => {
      await create({ chat: true });
      const { requestId } = await help('ada');
      expect(await records.list(examId)).toMatchObject([{ requestId, kind: 'help', doneAt: null, doneBy: null }]);
      await expect.poll(received).toMatchObject([{ request_id: requestId, student_name: 'Ada', timestamp: at }]);
    });

    test('of a student without a recorded name is announced with the id', async () => {
      await create({ chat: true });
      await help('bob');
      await expect.poll(received).toMatchObject([{ student_id: 'bob', student_name: 'bob' }]);
    });

    test('for help is refused in an exam without chat, but never one for erasure', async () => {
      await create({ chat: false });
      await expect(help('ada')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
      expect(await records.list(examId)).toEqual([]);
      await requests.ask(examId, 'ada', { kind: 'erasure', text: null });
      expect(await records.list(examId)).toMatchObject([{ kind: 'erasure', text: null }]);
    });

    test('for erasure is accepted after the exam is over', async () => {
      await create();
      await exams.step(examId, 'cancel', 'tina');
      await requests.ask(examId, 'ada', { kind: 'erasure', text: null });
      expect(await records.list(examId)).toHaveLength(1);
    });

    test('from somebody who is not enrolled looks like one to an unknown exam', async () => {
      await create({ chat: true });
      const unknown = await requests
        .ask('no-exam', 'ada', { kind: 'help', text: null })
        .catch((error: unknown) => error);
      await expect(help('mallory')).rejects.toEqual(unknown);
      expect(unknown).toMatchObject({ code: 'NOT_FOUND' });
    });

    test('beyond the limit is refused, is counted and not announced, and leaves other students theirs', async () => {
      await create({ chat: true });
      const { limit } = budgetTable.studentRequests;
      const all = await Promise.allSettled(Array.from({ length: limit + 3 }, () => help('ada')));
      const failed = all.filter(({ status }) => status === 'rejected');
      expect(failed).toHaveLength(3);
      expect(failed[0]).toMatchObject({ reason: { code: 'RATE_EXCEEDED' } });
      expect(refused).toEqual(Array.from({ length: 3 }, () => 'studentRequests'));
      await help('bob');
      await expect.poll(() => received().length).toBe(limit + 1);
    });

    test('that two teachers mark as done keeps the first', async () => {
      await create({ chat: true });
      const { requestId } = await help('ada');
      await requests.finish(examId, requestId, 'tina');
      await requests.finish(examId, requestId, 'tom');
      expect(await records.list(examId)).toMatchObject([{ doneBy: 'tina', doneAt: at }]);
    });

    test('of another exam cannot be marked as done', async () => {
      await create({ chat: true });
      const { requestId } = await help('ada');
      await expect(requests.finish('other-exam', requestId, 'eve')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await records.list(examId)).toMatchObject([{ doneBy: null }]);
    });
  });

  describe('a camera check', () => {
    test('is kept with its time, the last one counting', async () => {
      await create();
      await requests.check(examId, 'ada', { items: { camera: 'unknown' }, calibrated: false });
      expect(await requests.check(examId, 'ada', checks)).toBe(at);
      expect((await students.find(examId, 'ada'))?.check).toEqual({ ...checks, checkedAt: at });
    });

    test('is refused once the exam is over', async () => {
      await create();
      await exams.step(examId, 'cancel', 'tina');
      await expect(requests.check(examId, 'ada', checks)).rejects.toMatchObject({
        code: 'WRONG_STATUS',
        message: 'the exam is CANCELLED',
      });
      expect((await students.find(examId, 'ada'))?.check).toBeNull();
    });

    test('of a student who is not enrolled is refused', async () => {
      await create();
      await expect(requests.check(examId, 'mallory', checks)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });
});
