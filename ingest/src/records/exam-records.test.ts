import { randomUUID } from 'node:crypto';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { beforeEach, describe, expect, test } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import type { Principal } from '../model/principal.ts';
import { AccommodationRecords } from './accommodation-records.ts';
import { ExamRecords } from './exam-records.ts';
import type { NewExam } from './exam-records.ts';
import { ExamStudentRecords } from './exam-student-records.ts';
import { ExamWorkRecords } from './exam-work-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import { RetentionRecords } from './retention-records.ts';
import { SecretRecords } from './secret-records.ts';
import { SessionRecords } from './session-records.ts';

onEachDatabase((open) => {
  let database: RecordsDatabase;
  let exams: ExamRecords;
  let students: ExamStudentRecords;
  let work: ExamWorkRecords;
  let examId: string;
  beforeEach(() => {
    database = open();
    exams = new ExamRecords(database);
    students = new ExamStudentRecords(database);
    work = new ExamWorkRecords(database);
    examId = `exam-${randomUUID()}`;
  });

  const newExam = (changes: Partial<NewExam> = {}): NewExam => ({
    examId,
    title: null,
    createdBy: 'tina',
    scheduledAt: null,
    durationMinutes: null,
    totalQuestions: null,
    policy: v.parse(ExamPolicySchema, {}),
    pin: randomUUID(),
    teachers: ['tina'],
    createdAt: minute(0),
    ...changes,
  });
  const person = (userId: string, role: Principal['role']): Principal => ({
    userId,
    role,
    sessionId: null,
    examId: null,
    expiresAtMs: null,
  });
  const auditOf = (of: string) =>
    database.run((db) =>
      db.selectFrom('audit').select(['actor', 'action']).where('exam_id', '=', of).orderBy('audit_id').execute(),
    );

  describe('creating an exam', () => {
    test('keeps a title in any script, and a policy as it was', async () => {
      const title = 'Prüfung «数学» 😀 "quoted" \\ שלום';
      const policy = v.parse(ExamPolicySchema, { breaks: true, retention: { frames_days: 3, reports_days: null } });
      await exams.create(newExam({ title, policy }));
      expect(await exams.find(examId)).toMatchObject({ title, policy });
    });

    test('that two request at once is done by one, with its teachers', async () => {
      const created = await Promise.all(
        ['tina', 'tom'].map((id) => exams.create(newExam({ createdBy: id, teachers: [id] }))),
      );
      expect(created.filter((taken) => taken === null)).toHaveLength(1);
      const exam = await exams.find(examId);
      expect(await exams.teachersOf(examId)).toEqual([exam?.createdBy]);
      expect(await auditOf(examId)).toEqual([{ actor: exam?.createdBy, action: 'exam.created' }]);
    });

    test('with a session makes it running; a teacher teaches it, an admin does not', async () => {
      await exams.createWithSession(examId, person('tina', 'TEACHER'), minute(0));
      expect(await exams.find(examId)).toMatchObject({ status: 'IN_PROGRESS', createdBy: 'tina', pin: null });
      await exams.createWithSession(examId, person('tom', 'TEACHER'), minute(1));
      expect(await exams.teachersOf(examId)).toEqual(['tina']);
      const other = `${examId}-2`;
      await exams.createWithSession(other, person('root', 'ADMIN'), minute(0));
      expect(await exams.teachersOf(other)).toEqual([]);
      expect(await exams.create(newExam({ examId: other }))).toBe('exam_id');
    });

    test('a PIN that an earlier exam had is refused, also when that exam is over', async () => {
      const pin = randomUUID();
      await exams.create(newExam({ pin }));
      await exams.step(examId, 'cancel', minute(1), 'tina');
      expect(await exams.create(newExam({ examId: `${examId}-2`, pin }))).toBe('pin');
      expect(await exams.find(`${examId}-2`)).toBeNull();
    });
  });

  describe('the steps of an exam', () => {
    test('are in the audit under the name of their actor', async () => {
      await exams.create(newExam());
      for (const [at, step] of (['open', 'start', 'complete'] as const).entries()) {
        await exams.step(examId, step, minute(at), `teacher-${at}`);
      }
      expect(await auditOf(examId)).toEqual([
        { actor: 'tina', action: 'exam.created' },
        { actor: 'teacher-0', action: 'exam.opened' },
        { actor: 'teacher-1', action: 'exam.started' },
        { actor: 'teacher-2', action: 'exam.completed' },
      ]);
    });

    test('completing and cancelling at once: one of them', async () => {
      await exams.create(newExam());
      await exams.step(examId, 'open', minute(1), 'tina');
      await exams.step(examId, 'start', minute(2), 'tina');
      const taken = await Promise.all([
        exams.step(examId, 'complete', minute(3), 'tina'),
        exams.step(examId, 'cancel', minute(3), 'tom'),
      ]);
      expect(taken.filter((each) => each)).toHaveLength(1);
      const { status, completedAt, cancelledAt } = (await exams.find(examId))!;
      expect([completedAt, cancelledAt].filter((each) => each !== null)).toHaveLength(1);
      expect(status).toBe(completedAt === null ? 'CANCELLED' : 'COMPLETED');
    });

    test('of an unknown exam are not taken', async () => {
      expect(await exams.step(examId, 'open', minute(1), 'tina')).toBe(false);
      expect(await auditOf(examId)).toEqual([]);
    });

    test('only running exams with a limit are timed', async () => {
      const timed = async (): Promise<boolean> => (await exams.timed()).some((exam) => exam.examId === examId);
      await exams.create(newExam({ durationMinutes: 5 }));
      expect(await timed()).toBe(false);
      await exams.step(examId, 'open', minute(1), 'tina');
      await exams.step(examId, 'start', minute(2), 'tina');
      expect(await timed()).toBe(true);
      const unlimited = `${examId}-2`;
      await exams.createWithSession(unlimited, null, minute(0));
      expect((await exams.timed()).map((exam) => exam.examId)).not.toContain(unlimited);
    });
  });

  describe('students', () => {
    test('enrolling at once from two sides lists a student once, with the name that one of them knew', async () => {
      await Promise.all([
        students.enrol(
          examId,
          [
            { id: 'ada', name: null },
            { id: 'bob', name: null },
          ],
          minute(0),
        ),
        students.enrol(examId, [{ id: 'ada', name: 'Ada' }], minute(0)),
      ]);
      expect((await students.list(examId)).map(({ studentId, studentName }) => [studentId, studentName])).toEqual([
        ['ada', 'Ada'],
        ['bob', null],
      ]);
    });

    test('handing in is done by one of five requests, and another student is not touched', async () => {
      await students.enrol(
        examId,
        [
          { id: 'ada', name: null },
          { id: 'bob', name: null },
        ],
        minute(0),
      );
      const done = await Promise.all(
        [1, 2, 3, 4, 5].map((score) =>
          students.submit(examId, 'ada', { submittedAt: minute(score), timeTakenSeconds: 60, score, chain: null }),
        ),
      );
      expect(done.filter((each) => each)).toHaveLength(1);
      expect((await students.find(examId, 'bob'))?.submission).toBeNull();
      expect(
        await students.submit(examId, 'stranger', {
          submittedAt: minute(1),
          timeTakenSeconds: 1,
          score: null,
          chain: null,
        }),
      ).toBe(false);
    });

    test('a score may be any number, zero and fractions included', async () => {
      for (const [at, score] of [0, 0.1, 12.5, 1e9].entries()) {
        await students.enrol(examId, [{ id: `s${at}`, name: null }], minute(0));
        await students.submit(examId, `s${at}`, { submittedAt: minute(1), timeTakenSeconds: 1, score, chain: null });
        expect((await students.find(examId, `s${at}`))?.submission?.score).toBe(score);
      }
    });

    test('one of five replicas may tell of progress', async () => {
      await students.enrol(examId, [{ id: 'ada', name: null }], minute(0));
      const claims = await Promise.all(
        Array.from({ length: 5 }, () => students.claimProgressEvent(examId, 'ada', minute(5), minute(4))),
      );
      expect(claims.filter((each) => each)).toHaveLength(1);
    });
  });

  describe('work', () => {
    const answer = (questionId: string, text: string) => ({
      questionId,
      questionNumber: 1,
      answer: text,
      answeredAt: minute(1),
      chain: null,
    });

    test('ten answers to one question at once are one answer, and one of them was the first', async () => {
      const updates = await Promise.all(
        Array.from({ length: 10 }, (_, at) =>
          work.saveAnswer(examId, 'ada', answer('q1', `text ${at}`), { questions: 10, characters: 10_000 }),
        ),
      );
      expect(updates.filter((isUpdate) => !isUpdate)).toHaveLength(1);
      expect(await work.answers(examId, 'ada')).toHaveLength(1);
    });

    test('an answer keeps empty text, emoji and 20,000 characters', async () => {
      const texts = ['', '😀 \n\t"\\', 'ä'.repeat(20_000)];
      for (const [at, text] of texts.entries())
        await work.saveAnswer(examId, 'ada', answer(`q${at}`, text), { questions: 10, characters: 50_000 });
      expect((await work.answers(examId, 'ada')).map((each) => each.answer)).toEqual(texts);
    });

    test('answers to ten questions at once fill the five places that there are', async () => {
      const all = Array.from({ length: 10 }, (_, at) =>
        work.saveAnswer(examId, 'ada', answer(`q${at}`, 'a'), { questions: 5, characters: 10_000 }),
      );
      expect((await Promise.all(all)).filter((isUpdate) => isUpdate === 'questions')).toHaveLength(5);
      const kept = await work.answers(examId, 'ada');
      expect(kept).toHaveLength(5);
      // Existing answers can still be changed.
      expect(
        await work.saveAnswer(examId, 'ada', answer(kept[0]!.questionId, 'b'), { questions: 5, characters: 10_000 }),
      ).toBe(true);
    });

    test('a text beyond the allowed characters is not saved; an answer counts once, however often it is changed', async () => {
      const most = { questions: 10, highlights: 10, characters: 10 };
      const save = (question: string, text: string) => work.saveAnswer(examId, 'ada', answer(question, text), most);
      expect(await save('q1', '123456')).toBe(false);
      expect(await save('q1', '1234567')).toBe(true);
      expect(await save('q2', '1234')).toBe('answerCharacters');
      expect(await save('q2', '123')).toBe(false);
      const highlight = (text: string) =>
        work.saveHighlight(examId, 'ada', { passageId: 'p', text, at: minute(1) }, most);
      expect(await highlight('123456')).toBeNull();
      expect(await highlight('12345')).toBe('highlightCharacters');
    });

    test('highlights at once fill the places that there are, in their order', async () => {
      const save = (text: string) =>
        work.saveHighlight(
          examId,
          'ada',
          { passageId: 'p', text, at: minute(1) },
          { highlights: 3, characters: 10_000 },
        );
      expect(await save('first')).toBeNull();
      const kept = await Promise.all(['a', 'b', 'c', 'd'].map(save));
      expect(kept.filter((beyond) => beyond === null)).toHaveLength(2);
      const texts = (await work.highlights(examId, 'ada')).map(({ text }) => text);
      expect([texts[0], texts.length]).toEqual(['first', 3]);
    });

    test('counts belong to an exam and a student', async () => {
      await work.saveAnswer(examId, 'ada', answer('q1', 'a'), { questions: 10, characters: 10_000 });
      await work.saveAnswer(`${examId}-2`, 'ada', answer('q1', 'a'), { questions: 10, characters: 10_000 });
      await work.saveAnswer(examId, 'bob', answer('q1', 'a'), { questions: 10, characters: 10_000 });
      expect(await work.answerCounts(examId)).toEqual(
        new Map([
          ['ada', 1],
          ['bob', 1],
        ]),
      );
      expect(await work.answers(examId, 'cleo')).toEqual([]);
    });
  });

  describe('what belongs to the deployment', () => {
    test('accommodations of many students do not mix', async () => {
      const accommodations = new AccommodationRecords(database);
      const by = { actor: 'tina', at: minute(1) };
      await Promise.all(
        ['ada', 'bob'].map((id) => accommodations.set(examId, id, [{ name: `for ${id}`, off: [], longer: {} }], by)),
      );
      expect(await accommodations.of(examId, 'ada')).toMatchObject([{ name: 'for ada' }]);
      expect(await accommodations.of(examId, 'bob')).toMatchObject([{ name: 'for bob' }]);
    });

    test('a secret is made once, whichever of ten asks first, and stays after a restart', async () => {
      const name = `secret-${examId}`;
      const all = await Promise.all(Array.from({ length: 10 }, () => new SecretRecords(database).secret(name)));
      expect(new Set(all.map((each) => Buffer.from(each).toString('hex'))).size).toBe(1);
      expect(await new SecretRecords(database).secret(name)).toEqual(all[0]);
    });

    test('the newest sessions of each student, at most as many as asked for', async () => {
      const sessions = new SessionRecords(database);
      for (const [at, memberId] of ['ada', 'ada', 'ada', 'bob'].entries()) {
        const sessionId = `${examId}-${at}`;
        await sessions.create({ sessionId, examId, memberId, startedAt: minute(at), actor: 'tina' });
      }
      const newest = await sessions.newestOfExam(examId, ['ada', 'bob', 'cleo'], 2);
      expect(newest.map(({ sessionId }) => sessionId.slice(examId.length))).toEqual(['-1', '-2', '-3']);
      expect(await sessions.newestOfExam(examId, [], 2)).toEqual([]);
    });

    test('an exam’s session has frames from its first checkpoint with frames on, also if the store loses them', async () => {
      const sessions = new SessionRecords(database);
      const sessionId = `${examId}-frames`;
      await sessions.create({ sessionId, examId, memberId: 'ada', startedAt: minute(0), actor: 'tina' });
      const hasFrames = async () => (await sessions.newestOfExam(examId, ['ada'], 1))[0]?.hasFrames;
      expect(await hasFrames()).toBe(false);
      await sessions.saveFramesStored(sessionId, { frames: 5, chain: { head: 'h', nonce: 'first' } });
      expect(await hasFrames()).toBe(true);
      await sessions.saveFramesStored(sessionId, { frames: 0, chain: { head: 'h', nonce: 'second' } });
      expect(await hasFrames()).toBe(true);
    });

    test('an old log of deliveries goes, one that is pending stays', async () => {
      const retention = new RetentionRecords(database);
      const row = {
        event: 'session.ended',
        session_id: examId,
        exam_id: examId,
        url: 'https://a.example',
        is_public_only: 0,
        format: 'invigil' as const,
        body: '{}',
      };
      const rest = { attempts: 0, next_attempt_at: minute(1), last_status: null, last_error: null, delivered_at: null };
      await database.run((db) =>
        db
          .insertInto('webhook_deliveries')
          .values(
            (['pending', 'delivered', 'failed'] as const).map((status) => ({
              ...row,
              ...rest,
              delivery_id: `${examId}-${status}`,
              created_at: minute(1),
              status,
            })),
          )
          .execute(),
      );
      expect(await retention.removeDeliveries(minute(1))).toBe(0);
      await retention.removeDeliveries(minute(2));
      const left = await database.run((db) =>
        db.selectFrom('webhook_deliveries').select('status').where('session_id', '=', examId).execute(),
      );
      expect(left).toEqual([{ status: 'pending' }]);
    });
  });
});
