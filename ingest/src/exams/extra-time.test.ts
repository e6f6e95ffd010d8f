import * as v from 'valibot';
import { ExamChangesSchema, NewExamSchema } from '@invigil/protocol/channels';
import { beforeEach, describe, expect, test } from 'vitest';
import { onEachDatabase } from '../../test/each-database.ts';
import { localBus } from '../../test/local-bus.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { AccommodationRecords } from '../records/accommodation-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { ExamSetupRecords } from '../records/exam-setup-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { ExtraTimeRecords } from '../records/extra-time-records.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { SessionRecords } from '../records/session-records.ts';
import { ExamEvents } from './exam-events.ts';
import { examNotice } from './exam-notice.ts';
import { ExamSetup } from './exam-setup.ts';
import { Exams } from './exams.ts';
import { ExtraTime } from './extra-time.ts';

const startMs = Date.parse('2026-01-05T09:00:00Z');
const minuteMs = 60_000;
let made = 0;

const createParts = (database: RecordsDatabase) => {
  const clock = { nowMs: startMs };
  const now = (): number => clock.nowMs;
  const records = new ExamRecords(database);
  const students = new ExamStudentRecords(database);
  const sessions = new SessionRecords(database);
  const events = new ExamEvents(localBus());
  const setupRecords = new ExamSetupRecords(database);
  const exams = new Exams({ exams: records, students, attendance: new AttendanceRecords(database), events, now });
  const setup = new ExamSetup({ exams, records: setupRecords, students, events, now });
  const extraTimeRecords = new ExtraTimeRecords(database);
  const extraTime = new ExtraTime({
    exams,
    timed: records,
    records: extraTimeRecords,
    students,
    sessions,
    events,
    now,
  });
  return { clock, database, exams, students, sessions, setup, extraTime, records };
};

onEachDatabase((open) => {
  let parts: ReturnType<typeof createParts>;
  let examId: string;

  const start = async (wishes: object = { duration_minutes: 60 }): Promise<void> => {
    const { exams, sessions } = parts;
    await exams.create(v.parse(NewExamSchema, { exam_id: examId, ...wishes }), 'tina');
    await exams.enrol(examId, { students: [{ student_id: 'ada' }, { student_id: 'bob' }] });
    await exams.step(examId, 'open', 'tina');
    await exams.step(examId, 'start', 'tina');
    for (const memberId of ['ada', 'bob']) {
      const startedAt = new Date(startMs).toISOString();
      await sessions.create({ sessionId: `${examId}-${memberId}`, examId, memberId, startedAt, actor: memberId });
    }
  };
  const at = (minutes: number): void => void (parts.clock.nowMs = startMs + minutes * minuteMs);
  const statusAt = async (minutes: number): Promise<string> => {
    at(minutes);
    await parts.exams.completeOverdue();
    return (await parts.exams.get(examId)).status;
  };
  const changes = (body: object) => v.parse(ExamChangesSchema, body);

  beforeEach(() => {
    parts = createParts(open());
    examId = `extra-${(made += 1)}`;
  });

  describe('extra time', () => {
    test('for one student keeps the exam open until then, and ends the others’ sessions at theirs', async () => {
      await start();
      expect(await parts.extraTime.give(examId, { minutes: 10, student_ids: ['ada', 'nobody'] }, 'tina')).toBe(1);
      await parts.extraTime.give(examId, { minutes: 5, student_ids: ['ada'] }, 'tina');
      expect(await parts.extraTime.sessionsPastTheirEnd()).toEqual([]);
      expect(await statusAt(60)).toBe('IN_PROGRESS');
      at(61);
      const late = (await parts.extraTime.sessionsPastTheirEnd()).filter((session) => session.examId === examId);
      expect(late.map(({ memberId }) => memberId)).toEqual(['bob']);
      expect(await statusAt(74)).toBe('IN_PROGRESS');
      expect(await statusAt(75)).toBe('COMPLETED');
    });

    test('is part of the end that the student’s page shows', async () => {
      await start();
      await parts.extraTime.give(examId, { minutes: 15, student_ids: ['ada'] }, 'tina');
      const exam = await parts.exams.get(examId);
      const endOf = async (studentId: string) => {
        const student = await parts.students.find(examId, studentId);
        return examNotice(exam, student?.extraMinutes ?? 0, false, startMs).ends_at;
      };
      expect([await endOf('ada'), await endOf('bob')]).toEqual([
        '2026-01-05T10:15:00.000Z',
        '2026-01-05T10:00:00.000Z',
      ]);
    });

    test('for all makes the exam longer', async () => {
      await start();
      expect(await parts.extraTime.give(examId, { minutes: 20 }, 'tina')).toBe(2);
      expect((await parts.exams.get(examId)).durationMinutes).toBe(80);
      expect(await statusAt(79)).toBe('IN_PROGRESS');
      expect(await statusAt(80)).toBe('COMPLETED');
    });

    test('is noted with it, without the students’ ids, and not added again by a repeated request', async () => {
      await start();
      const request = { minutes: 10, student_ids: ['ada'], request_id: 'first' };
      expect(await parts.extraTime.give(examId, request, 'tina')).toBe(1);
      expect(await parts.extraTime.give(examId, request, 'tina')).toBe(1);
      expect((await parts.students.find(examId, 'ada'))?.extraMinutes).toBe(10);
      const rows = await parts.database.run((db) =>
        db
          .selectFrom('audit')
          .select(['action', 'session_id', 'detail'])
          .where('exam_id', '=', examId)
          .where('action', 'like', '%extra_time')
          .orderBy('audit_id')
          .execute(),
      );
      expect(rows).toEqual([
        { action: 'exam.extra_time', session_id: null, detail: '{"minutes":10,"students":1}' },
        { action: 'session.extra_time', session_id: `${examId}-ada`, detail: '{"minutes":10}' },
      ]);
    });

    test('can be taken back, down to none, and cannot end the exam at once', async () => {
      await start();
      await parts.extraTime.give(examId, { minutes: 10, student_ids: ['ada'] }, 'tina');
      await parts.extraTime.give(examId, { minutes: -4, student_ids: ['ada', 'bob'] }, 'tina');
      const extra = async (id: string) => (await parts.students.find(examId, id))?.extraMinutes;
      expect([await extra('ada'), await extra('bob')]).toEqual([6, 0]);
      await parts.extraTime.give(examId, { minutes: -10, student_ids: ['ada'] }, 'tina');
      expect(await extra('ada')).toBe(0);
      at(40);
      await expect(parts.extraTime.give(examId, { minutes: -20 }, 'tina')).rejects.toMatchObject({
        code: 'WRONG_STATUS',
        message: '20 minutes less would end the exam at once; complete it instead',
      });
      await parts.extraTime.give(examId, { minutes: -19 }, 'tina');
      expect((await parts.exams.get(examId)).durationMinutes).toBe(41);
    });

    test('is refused without a time limit, and after the end', async () => {
      await start({});
      const give = () => parts.extraTime.give(examId, { minutes: 5 }, 'tina');
      await expect(give()).rejects.toMatchObject({ code: 'WRONG_STATUS', message: 'the exam has no time limit' });
      await parts.exams.step(examId, 'complete', 'tina');
      await expect(give()).rejects.toMatchObject({ code: 'WRONG_STATUS', message: 'the exam is COMPLETED' });
    });
  });

  describe('the set-up of an exam', () => {
    test('can be changed while it is scheduled; its title and teachers also later', async () => {
      await parts.exams.create(v.parse(NewExamSchema, { exam_id: examId, title: 'A', duration_minutes: 60 }), 'tina');
      const body = { title: null, duration_minutes: 30, policy: { breaks: true }, teachers: ['tom', 'tina', 'tom'] };
      const changed = await parts.setup.change(examId, changes(body), 'tina');
      expect(changed).toMatchObject({ title: null, durationMinutes: 30, policy: { breaks: true } });
      expect(await parts.exams.teachersOf(examId)).toEqual(['tina', 'tom']);
      await parts.exams.step(examId, 'open', 'tina');
      expect((await parts.setup.change(examId, changes({ title: 'B' }), 'tina')).title).toBe('B');
      await expect(parts.setup.change(examId, changes({ title: 'C', policy: {} }), 'tina')).rejects.toMatchObject({
        code: 'WRONG_STATUS',
        message: 'policy can be changed only while the exam is SCHEDULED; it is WAITING',
      });
      expect((await parts.exams.get(examId)).title).toBe('B');
      await expect(parts.setup.change('no-exam', changes({}), 'tina')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    test('is deleted only while nobody has taken the exam', async () => {
      await start();
      await expect(parts.setup.delete(examId, 'tina')).rejects.toMatchObject({ code: 'WRONG_STATUS' });
      const other = `${examId}-unused`;
      await parts.exams.create(v.parse(NewExamSchema, { exam_id: other }), 'tina');
      await parts.exams.enrol(other, { students: [{ student_id: 'ada' }] });
      await parts.setup.delete(other, 'tina');
      await expect(parts.exams.get(other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await parts.students.find(other, 'ada')).toBeNull();
    });

    test('loses a student who has not taken part, and no other', async () => {
      await start();
      await parts.exams.enrol(examId, { students: [{ student_id: 'cleo' }] });
      await parts.setup.removeStudent(examId, 'cleo', 'tina');
      expect(await parts.students.find(examId, 'cleo')).toBeNull();
      await expect(parts.setup.removeStudent(examId, 'ada', 'tina')).rejects.toMatchObject({ code: 'WRONG_STATUS' });
      await expect(parts.setup.removeStudent(examId, 'cleo', 'tina')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      expect(await parts.students.find(examId, 'ada')).not.toBeNull();
    });

    test('keeps a student who only answered or handed in through the interface, and then the exam', async () => {
      const { exams, students, setup, database } = parts;
      await exams.create(v.parse(NewExamSchema, { exam_id: examId }), 'tina');
      await exams.enrol(examId, { students: ['ada', 'bob', 'cleo'].map((id) => ({ student_id: id })) });
      const now = new Date(startMs).toISOString();
      await students.submit(examId, 'ada', { submittedAt: now, timeTakenSeconds: 1, score: 1, chain: null });
      const answer = { questionId: 'q1', questionNumber: 1, answer: 'a', answeredAt: now, chain: null };
      await new ExamWorkRecords(database).saveAnswer(examId, 'bob', answer, { questions: 9, characters: 9 });
      const accommodations = new AccommodationRecords(database);
      await accommodations.set(examId, 'cleo', [{ name: 'x', off: [], longer: {} }], { actor: 'tina', at: now });
      for (const student of ['ada', 'bob']) {
        await expect(setup.removeStudent(examId, student, 'tina')).rejects.toMatchObject({ code: 'WRONG_STATUS' });
      }
      await setup.removeStudent(examId, 'cleo', 'tina');
      expect(await accommodations.of(examId, 'cleo')).toEqual([]);
      await expect(setup.delete(examId, 'tina')).rejects.toMatchObject({ code: 'WRONG_STATUS' });
      const removed = await database.run((db) =>
        db
          .selectFrom('audit')
          .select(['actor', 'detail'])
          .where('action', '=', 'exam.student_removed')
          .where('exam_id', '=', examId)
          .execute(),
      );
      expect(removed).toEqual([{ actor: 'tina', detail: null }]);
    });
  });
});
