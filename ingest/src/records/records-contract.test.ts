import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { ViolationType } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import type { Alert } from '../model/alert.ts';
import { AccommodationRecords } from './accommodation-records.ts';
import { AgentSessionRecords } from './agent-session-records.ts';
import { AlertRecords } from './alert-records.ts';
import { AnalysisRecords } from './analysis-records.ts';
import { ExamRecords } from './exam-records.ts';
import type { NewExam } from './exam-records.ts';
import { ExamStudentRecords } from './exam-student-records.ts';
import { ExamWorkRecords } from './exam-work-records.ts';
import { GuidanceRecords } from './guidance-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import { RetentionRecords } from './retention-records.ts';
import { ReviewRecords } from './review-records.ts';
import { SessionEndRecords } from './session-end-records.ts';
import { SessionRecords } from './session-records.ts';
import { WebhookRecords } from './webhook-records.ts';

onEachDatabase((open) => {
  let database: RecordsDatabase;
  let examId: string;
  let sessionId: string;

  beforeEach(() => {
    database = open();
    examId = `exam-${randomUUID()}`;
    sessionId = `session-${randomUUID()}`;
  });

  const createSession = (memberId = 'ada'): Promise<void> =>
    new SessionRecords(database).create({ sessionId, examId, memberId, startedAt: minute(0), actor: 'teacher' });

  const endSession = async (): Promise<void> => {
    const sessions = new SessionRecords(database);
    await createSession();
    const session = await sessions.find(sessionId);
    if (session === null) throw new Error('not created');
    const ends = new SessionEndRecords(database);
    await ends.claimEnd(sessionId, 'claim', Date.parse(minute(60)), 60_000);
    await ends.finishEnd(
      { session, endedAt: minute(60), rulesVersion: '2', report: '{"v":1}', dumpFile: 'dump.json', actor: 'teacher' },
      'claim',
    );
  };

  describe('exams', () => {
    let pins = 100_000;
    const newExam = (extra: Partial<NewExam> = {}): NewExam => ({
      examId,
      title: 'Physics',
      createdBy: 'tess',
      scheduledAt: minute(0),
      durationMinutes: 60,
      totalQuestions: 10,
      policy: v.parse(ExamPolicySchema, {}),
      pin: randomUUID().slice(0, 8) + String(pins++),
      teachers: ['tess', 'tom'],
      createdAt: minute(0),
      ...extra,
    });

    test('finds an exam by id and by PIN, with its teachers', async () => {
      const records = new ExamRecords(database);
      const exam = newExam();
      expect(await records.create(exam)).toBeNull();
      const { teachers: _teachers, ...expected } = exam;
      expect(await records.find(examId)).toMatchObject({ ...expected, status: 'SCHEDULED', openedAt: null });
      expect((await records.findByPin(exam.pin))?.examId).toBe(examId);
      expect(await records.findByPin('none')).toBeNull();
      expect(await records.teachersOf(examId)).toEqual(['tess', 'tom']);
      expect(await records.teaches('tom', examId)).toBe(true);
      expect(await records.teaches('eve', examId)).toBe(false);
    });

    test('refuses an id or a PIN that is taken', async () => {
      const records = new ExamRecords(database);
      const exam = newExam();
      await records.create(exam);
      expect(await records.create(newExam())).toBe('exam_id');
      expect(await records.create({ ...newExam(), examId: `${examId}-2`, pin: exam.pin })).toBe('pin');
    });

    test('creates an exam over one that a session created, once', async () => {
      const records = new ExamRecords(database);
      await createSession();
      expect((await records.find(examId))?.createdBy).toBeNull();
      expect(await records.create(newExam())).toBeNull();
      expect(await records.find(examId)).toMatchObject({ createdBy: 'tess', status: 'SCHEDULED' });
      expect(await records.create(newExam())).toBe('exam_id');
    });

    test('applies each step once, in order, with its time', async () => {
      const records = new ExamRecords(database);
      await records.create(newExam());
      expect(await records.step(examId, 'start', minute(1), 'tess')).toBe(false);
      expect(await records.step(examId, 'open', minute(1), 'tess')).toBe(true);
      const starts = await Promise.all([1, 2, 3].map(() => records.step(examId, 'start', minute(2), 'tess')));
      expect(starts.filter((taken) => taken)).toHaveLength(1);
      expect((await records.timed()).map((exam) => exam.examId)).toContain(examId);
      expect(await records.step(examId, 'complete', minute(3), 'tess')).toBe(true);
      expect(await records.step(examId, 'cancel', minute(4), 'tess')).toBe(false);
      expect(await records.find(examId)).toMatchObject({
        status: 'COMPLETED',
        openedAt: minute(1),
        startedAt: minute(2),
        completedAt: minute(3),
        cancelledAt: null,
      });
      expect((await records.timed()).map((exam) => exam.examId)).not.toContain(examId);
    });

    test('lists the exams of a teacher, newest first, within the limit', async () => {
      const records = new ExamRecords(database);
      const teacher = `teacher-${examId}`;
      for (const at of [1, 3, 2]) {
        await records.create(newExam({ examId: `${examId}-${at}`, createdAt: minute(at), teachers: [teacher] }));
      }
      const ids = (await records.list(teacher, 2)).map((exam) => exam.examId);
      expect(ids).toEqual([`${examId}-3`, `${examId}-2`]);
    });

    test('finds running sessions of exams that are over', async () => {
      const records = new ExamRecords(database);
      await createSession();
      await records.create(newExam());
      const over = async () =>
        (await new SessionRecords(database).runningInFinishedExams(1000)).map((s) => s.sessionId);
      expect(await over()).not.toContain(sessionId);
      await records.step(examId, 'cancel', minute(1), 'tess');
      expect(await over()).toContain(sessionId);
    });
  });

  describe('students of an exam', () => {
    test('a later enrolment adds a name and removes none', async () => {
      const students = new ExamStudentRecords(database);
      await students.enrol(examId, [{ id: 'ada', name: null }], minute(0));
      await students.enrol(examId, [{ id: 'ada', name: 'Ada' }], minute(1));
      await students.enrol(examId, [{ id: 'ada', name: null }], minute(2));
      expect(await students.list(examId)).toMatchObject([{ studentId: 'ada', studentName: 'Ada', submission: null }]);
      expect(await students.find(examId, 'bob')).toBeNull();
    });

    test('keeps the newest progress and the first submission', async () => {
      const students = new ExamStudentRecords(database);
      await students.enrol(examId, [{ id: 'ada', name: null }], minute(0));
      for (const question of [1, 2]) {
        const progress = { passageIndex: 0, questionIndex: question, questionNumber: question + 1 };
        await students.saveProgress(examId, 'ada', progress, minute(question));
      }
      expect(
        await students.submit(examId, 'ada', {
          submittedAt: minute(3),
          timeTakenSeconds: 180,
          score: null,
          chain: 'head',
        }),
      ).toBe(true);
      expect(
        await students.submit(examId, 'ada', { submittedAt: minute(4), timeTakenSeconds: 240, score: 9, chain: null }),
      ).toBe(false);
      expect(await students.find(examId, 'ada')).toMatchObject({
        progress: { questionIndex: 2, questionNumber: 3 },
        submission: { submittedAt: minute(3), score: null, timeTakenSeconds: 180 },
      });
    });

    test('one replica per interval may report progress', async () => {
      const students = new ExamStudentRecords(database);
      await students.enrol(examId, [{ id: 'ada', name: null }], minute(0));
      const claim = (at: number, since: number) =>
        students.claimProgressEvent(examId, 'ada', minute(at), minute(since));
      expect(await claim(5, 4)).toBe(true);
      expect(await claim(5, 4)).toBe(false);
      expect(await claim(7, 6)).toBe(true);
    });
  });

  describe('work in an exam', () => {
    test('an answer replaces the earlier one, and the result states whether there was one', async () => {
      const work = new ExamWorkRecords(database);
      const answer = { questionId: 'q1', questionNumber: 1, answer: 'a', answeredAt: minute(1), chain: null };
      expect(await work.saveAnswer(examId, 'ada', answer, { questions: 2, characters: 10_000 })).toBe(false);
      expect(
        await work.saveAnswer(
          examId,
          'ada',
          { ...answer, answer: 'b', answeredAt: minute(2) },
          { questions: 2, characters: 10_000 },
        ),
      ).toBe(true);
      await work.saveAnswer(
        examId,
        'ada',
        { ...answer, questionId: 'q0', questionNumber: 0 },
        { questions: 2, characters: 10_000 },
      );
      expect(
        await work.saveAnswer(examId, 'ada', { ...answer, questionId: 'q2' }, { questions: 2, characters: 10_000 }),
      ).toBe('questions');
      expect(
        await work.saveAnswer(examId, 'ada', { ...answer, answer: 'b' }, { questions: 2, characters: 10_000 }),
      ).toBe(true);
      expect((await work.answers(examId, 'ada')).map((each) => [each.questionId, each.answer])).toEqual([
        ['q0', 'a'],
        ['q1', 'b'],
      ]);
      expect(await work.answerCounts(examId)).toEqual(new Map([['ada', 2]]));
    });

    test('highlights keep their order', async () => {
      const work = new ExamWorkRecords(database);
      for (const text of ['one', 'two']) {
        await work.saveHighlight(
          examId,
          'ada',
          { passageId: 'p1', text, at: minute(1) },
          { highlights: 10, characters: 10_000 },
        );
      }
      expect((await work.highlights(examId, 'ada')).map(({ text }) => text)).toEqual(['one', 'two']);
      expect(await work.highlights(examId, 'bob')).toEqual([]);
    });

    test('simultaneous requests create no more rows than a student may have', async () => {
      const work = new ExamWorkRecords(database);
      const answer = { questionNumber: 1, answer: 'a', answeredAt: minute(1), chain: null };
      const many = Array.from({ length: 12 }, (_, index) => index);
      const highlights = many.map((index) =>
        work.saveHighlight(
          examId,
          'eve',
          { passageId: 'p', text: String(index), at: minute(1) },
          { highlights: 5, characters: 10_000 },
        ),
      );
      const answers = many.map((index) =>
        work.saveAnswer(examId, 'eve', { ...answer, questionId: `q${index}` }, { questions: 5, characters: 10_000 }),
      );
      expect((await Promise.all(highlights)).filter((beyond) => beyond === null)).toHaveLength(5);
      expect((await Promise.all(answers)).filter((saved) => typeof saved === 'boolean')).toHaveLength(5);
      expect(await work.highlights(examId, 'eve')).toHaveLength(5);
      expect(await work.answers(examId, 'eve')).toHaveLength(5);
    });

    test('violations that are too close count once', async () => {
      const work = new ExamWorkRecords(database);
      const save = (type: ViolationType, at: number, studentId = 'ada') =>
        work.saveViolations(
          examId,
          studentId,
          type,
          { source: 'frame', times: [Date.parse(minute(at))] },
          { intervalMs: 60_000, matchMs: 0, most: 100 },
        );
      expect(await save('TAB_SWITCH', 10)).toEqual({ saved: 1, beyond: 0 });
      expect(await save('TAB_SWITCH', 10)).toEqual({ saved: 0, beyond: 0 });
      expect(await save('TAB_SWITCH', 12)).toEqual({ saved: 1, beyond: 0 });
      await save('COPY_ATTEMPT', 1, 'bob');
      expect(await work.violationCounts(examId, 'ada')).toEqual([
        { studentId: 'ada', type: 'TAB_SWITCH', violations: 2, lastAt: minute(12) },
      ]);
      expect(await work.violationCounts(examId, null)).toHaveLength(2);
    });

    test('violations of one type are saved at once, and none twice', async () => {
      const work = new ExamWorkRecords(database);
      const times = Array.from({ length: 2500 }, (_, second) => Date.parse(minute(0)) + second * 1000);
      const save = (own: readonly number[]) =>
        work.saveViolations(
          examId,
          'ada',
          'TAB_SWITCH',
          { source: 'frame', times: own },
          { intervalMs: 1000, matchMs: 3000, most: 2502 },
        );
      // Two replicas may receive the same frames.
      const saved = await Promise.all([save(times), save(times)]);
      expect(saved.map((each) => each.saved).toSorted((a, b) => a - b)).toEqual([0, 2500]);
      expect(await save([Date.parse(minute(0)), times[2499]! + 999])).toEqual({ saved: 0, beyond: 0 });
      expect(await save([times[2499]! + 1000])).toEqual({ saved: 1, beyond: 0 });
      const fifty = Date.parse(minute(50));
      expect(await save([fifty, fifty + 1000, fifty + 2000])).toEqual({ saved: 1, beyond: 2 });
      const [count] = await work.violationCounts(examId, 'ada');
      expect(count).toMatchObject({ violations: 2502, lastAt: minute(50) });
    });
  });

  describe('alerts', () => {
    const alert = (id: string, raisedAt = minute(1)): Alert => ({
      alertId: `${sessionId}:${id}`,
      sessionId,
      examId,
      memberId: 'ada',
      observation: {
        id,
        type: 'phone_visible',
        from_ms: 0,
        to_ms: 5000,
        confidence: 0.9,
        measured: {},
        evidence: { first: '0', strongest: '3', last: '9' },
        frames: 10,
      },
      raisedAt,
      escalated: false,
      durationS: null,
    });

    test('raises an observation once, and lists open alerts newest first', async () => {
      const records = new AlertRecords(database);
      expect(await records.raise(alert('b', minute(2)), minute(9), 500)).toBe('raised');
      expect(await records.raise(alert('a', minute(1)), minute(9), 500)).toBe('raised');
      expect(await records.raise(alert('a', minute(5)), minute(9), 500)).toBe('known');
      expect(await records.open(examId, 10, 10)).toEqual([alert('b', minute(2)), alert('a', minute(1))]);
      expect(await records.examsWithOpen()).toContain(examId);
      expect(await records.raise(alert('c'), minute(9), 2)).toBe('full');
      expect(await records.raise(alert('a'), minute(9), 2)).toBe('known');
    });

    test('lists open alerts fairly: the newest of each student before the second of any', async () => {
      const records = new AlertRecords(database);
      for (let count = 0; count < 20; count++)
        await records.raise(alert(`a${count}`, minute(20 + count)), minute(59), 500);
      await records.raise({ ...alert('b', minute(1)), memberId: 'bob' }, minute(59), 500);
      await records.raise({ ...alert('c', minute(2)), memberId: null }, minute(59), 500);
      const ids = (alerts: readonly Alert[]) => alerts.map(({ observation }) => observation.id);
      expect(ids(await records.open(examId, 2, 100))).toEqual(['a19', 'a18', 'c', 'b']);
      expect(ids(await records.open(examId, 100, 3))).toEqual(['a19', 'c', 'b']);
    });

    test('an acknowledgement takes open alerts only, one or all of a session', async () => {
      const records = new AlertRecords(database);
      for (const id of ['a', 'b', 'c']) await records.raise(alert(id), minute(9), 500);
      const take = (alertId: string | null, userId: string) =>
        records.acknowledge({
          sessionId,
          alertId,
          userId,
          at: minute(3),
          outcome: 'false_alarm',
          note: 'A calculator.',
        });
      expect((await take(`${sessionId}:a`, 'tess')).map(({ observation }) => observation.id)).toEqual(['a']);
      expect(await take(`${sessionId}:a`, 'tom')).toEqual([]);
      const stated = database.run((db) =>
        db
          .selectFrom('audit')
          .select('actor')
          .where('session_id', '=', sessionId)
          .where('action', '=', 'alert.outcome')
          .execute(),
      );
      // What the second one stated is not lost.
      expect((await stated).map(({ actor }) => actor)).toEqual(['tess', 'tom']);
      expect(await records.openAmong([`${sessionId}:a`, `${sessionId}:b`, 'unknown'])).toEqual([`${sessionId}:b`]);
      expect(await take(null, 'tom')).toHaveLength(2);
      expect(await records.openOfSession(sessionId)).toEqual([]);
      expect(await records.examsWithOpen()).not.toContain(examId);
    });

    test('escalates each due alert once, and no acknowledged one', async () => {
      const records = new AlertRecords(database);
      await records.raise(alert('due'), minute(5), 500);
      await records.raise(alert('later'), minute(20), 500);
      await records.raise(alert('taken'), minute(5), 500);
      await records.acknowledge({
        sessionId,
        alertId: `${sessionId}:taken`,
        userId: 'tess',
        at: minute(2),
        outcome: null,
        note: null,
      });
      const own = async () => (await records.escalateDue(minute(6))).filter((each) => each.sessionId === sessionId);
      expect((await own()).map(({ observation, escalated }) => [observation.id, escalated])).toEqual([['due', true]]);
      expect(await own()).toEqual([]);
    });
  });

  describe('reports, reviews and guidance', () => {
    test('a later report becomes a version beside the first; an identical one does not', async () => {
      await endSession();
      const analyses = new AnalysisRecords(database);
      const by = { actor: 'tess', at: minute(70) };
      expect(await analyses.add(sessionId, '{"v":1}', '2', by)).toBe(1);
      expect(await analyses.add(sessionId, '{"v":2}', '1', by)).toBe(2);
      expect((await analyses.list(sessionId)).map(({ version, rulesVersion }) => [version, rulesVersion])).toEqual([
        [1, '2'],
        [2, '1'],
      ]);
      expect(await analyses.kept(sessionId)).toMatchObject({ version: 2, report: '{"v":2}', dumpFile: 'dump.json' });
      expect(await analyses.kept(sessionId, 1)).toMatchObject({ report: '{"v":1}' });
      expect(await analyses.kept(sessionId, 3)).toBeNull();
    });

    test('the newest mark and outcome hold, contests add up, and the audit keeps all of them', async () => {
      const reviews = new ReviewRecords(database);
      const act = (at: number) => ({ sessionId, examId, actor: 'tess', at: minute(at) });
      await reviews.review(act(1), { observations: [{ id: 'o1', mark: 'confirmed' }] });
      await reviews.review(act(2), {
        outcome: 'nothing_to_follow_up',
        observations: [{ id: 'o1', mark: 'dismissed', note: 'n' }],
      });
      expect(await reviews.contest({ ...act(3), actor: 'ada' }, 'o1', 'that was my brother', 1)).toBe(true);
      expect(await reviews.contest({ ...act(4), actor: 'ada' }, 'o1', 'once more', 1)).toBe(false);
      expect(await reviews.of(sessionId)).toMatchObject({
        status: 'reviewed',
        outcome: 'nothing_to_follow_up',
        observations: [{ id: 'o1', mark: 'dismissed', note: 'n' }],
        contests: [{ id: 'o1', text: 'that was my brother', at: minute(3) }],
      });
      expect((await reviews.audit(sessionId)).map(({ action }) => action)).toEqual([
        'review.mark',
        'review.mark',
        'review.outcome',
        'review.contest',
      ]);
    });

    test('messages to a student come back in order, without flags and breaks', async () => {
      const guidance = new GuidanceRecords(database);
      const by = { sessionId, examId, actor: 'tess', at: minute(1) };
      await guidance.add(by, { action: 'session.message', detail: { message_id: 'm1', text: 'please sit down' } });
      await guidance.add(by, { action: 'session.flag', detail: { note: 'left the room' } });
      await guidance.add(
        { ...by, at: minute(2) },
        { action: 'session.message', detail: { message_id: 'm2', text: 'ok' } },
      );
      expect(await guidance.messages(sessionId)).toEqual([
        { messageId: 'm1', text: 'please sit down', at: minute(1) },
        { messageId: 'm2', text: 'ok', at: minute(2) },
      ]);
    });

    test('accommodations are replaced, and the audit does not name the student', async () => {
      const records = new AccommodationRecords(database);
      const by = { actor: 'tess', at: minute(1) };
      expect(await records.of(examId, 'ada')).toEqual([]);
      const readsAloud = { name: 'reads-aloud', off: ['talking' as const], longer: {} };
      await records.set(examId, 'ada', [readsAloud], by);
      expect(await records.of(examId, 'ada')).toMatchObject([{ name: 'reads-aloud' }]);
      await records.set(examId, 'ada', [], by);
      expect(await records.of(examId, 'ada')).toEqual([]);
      const rows = await database.run((db) =>
        db.selectFrom('audit').selectAll().where('exam_id', '=', examId).orderBy('audit_id').execute(),
      );
      expect(rows.map(({ session_id, detail }) => [session_id, detail])).toEqual([
        [null, '{"names":["reads-aloud"]}'],
        [null, '{"names":[]}'],
      ]);
    });
  });

  describe('retention', () => {
    test('finds ended sessions before a moment; a removed dump leaves the reports', async () => {
      await endSession();
      const retention = new RetentionRecords(database);
      const due = async (at: number, withFrames: boolean) =>
        (await retention.endedBefore(examId, minute(at), withFrames, 10)).map((each) => each.sessionId);
      expect(await retention.exams()).toContain(examId);
      expect(await due(60, true)).toEqual([]);
      expect(await due(61, true)).toEqual([sessionId]);
      await retention.framesRemoved({ sessionId, examId }, minute(90));
      expect(await due(61, true)).toEqual([]);
      expect(await due(61, false)).toEqual([sessionId]);
      expect(await new AnalysisRecords(database).kept(sessionId)).toMatchObject({ dumpFile: null, report: '{"v":1}' });
      await retention.removeReports({ sessionId, examId }, minute(91));
      expect(await due(61, false)).toEqual([]);
      expect(await new AnalysisRecords(database).kept(sessionId)).toBeNull();
    });

    test('reports when it last ran', async () => {
      const retention = new RetentionRecords(database);
      const mark = (at: number) => ({ at: minute(at), bootId: 'boot', uptimeMs: at });
      const run = { framesRemoved: 1, reportsRemoved: 2, studentRowsRemoved: 0, deliveriesRemoved: 3 };
      await retention.ran({ ...run, mark: mark(1) });
      await retention.ran({ ...run, mark: mark(2) });
      expect(await retention.lastRanAt()).toBe(minute(2));
      expect(await retention.lastMark()).toEqual({ ...mark(2), isRun: true });
      await retention.clockConfirmed(mark(3));
      expect(await retention.lastMark()).toEqual({ ...mark(3), isRun: false });
      expect(await retention.lastRanAt()).toBe(minute(2));
    });
  });

  describe('webhook deliveries', () => {
    const delivery = (id: string, createdAt = minute(1)) => ({
      delivery_id: `${sessionId}-${id}`,
      event: 'session.ended',
      session_id: sessionId,
      exam_id: examId,
      url: 'https://example.org/hook',
      is_public_only: 0,
      format: 'invigil' as const,
      body: '{}',
      created_at: createdAt,
    });
    const own = <Item extends { session_id: string | null }>(items: readonly Item[]): Item[] =>
      items.filter((item) => item.session_id === sessionId);

    test('queues an event once, and lets one of two replicas claim it', async () => {
      const webhooks = new WebhookRecords(database);
      expect(await webhooks.queue(delivery('a'))).toBe(true);
      expect(await webhooks.queue(delivery('a'))).toBe(false);
      const claims = await Promise.all([1, 2].map(() => webhooks.claimDue(minute(2), minute(3), 1000)));
      expect(claims.flatMap(own).map(({ attempts }) => attempts)).toEqual([1]);
      expect(own(await webhooks.claimDue(minute(3), minute(4), 1000)).map(({ attempts }) => attempts)).toEqual([2]);
    });

    test('a finished delivery is not claimed again until it is retried; retention removes its log line', async () => {
      const webhooks = new WebhookRecords(database);
      await webhooks.queue(delivery('a'));
      const result = { status: 'delivered' as const, next_attempt_at: minute(1), last_status: 204, last_error: null };
      await webhooks.finish(`${sessionId}-a`, result, minute(2));
      expect(own(await webhooks.claimDue(minute(9), minute(10), 1000))).toEqual([]);
      expect(own(await webhooks.list('delivered', 1000))).toMatchObject([
        { delivered_at: minute(2), last_status: 204 },
      ]);
      expect(await webhooks.retry(`${sessionId}-a`, minute(3))).toBe(true);
      expect(await webhooks.retry('unknown', minute(3))).toBe(false);
      expect(own(await webhooks.claimDue(minute(9), minute(10), 1000))).toHaveLength(1);
      const retention = new RetentionRecords(database);
      await retention.removeDeliveries(minute(2));
      expect(own(await webhooks.list(null, 1000))).toHaveLength(1);
      await webhooks.finish(`${sessionId}-a`, result, minute(4));
      await retention.removeDeliveries(minute(2));
      expect(own(await webhooks.list(null, 1000))).toEqual([]);
    });
  });

  describe('agents in classrooms', () => {
    test('an agent is in a classroom once; leaving moves the session to the history once', async () => {
      const agents = new AgentSessionRecords(database);
      const agent = { classroomId: examId, agentId: 'tab.ada', replicaId: 'r1', startedAt: minute(1) };
      const entered = await agents.enter(agent);
      expect(entered).toMatchObject({ agentId: 'tab.ada', isNew: true });
      expect(await agents.enter({ ...agent, replicaId: 'r2' })).toMatchObject({ replicaId: 'r1', isNew: false });
      expect(await agents.find(examId, 'tab.ada')).toMatchObject({ agentId: 'tab.ada' });
      expect(await agents.count([examId, 'empty'])).toEqual({ [examId]: 1, empty: 0 });
      expect(await agents.leave({ ...entered, replicaId: 'r2' }, minute(2))).toBe(false);
      expect(await agents.leave(entered, minute(2))).toBe(true);
      expect(await agents.leave(entered, minute(3))).toBe(false);
      expect(await agents.find(examId, 'tab.ada')).toBeNull();
    });

    test('agents of several classrooms are found in one read', async () => {
      const agents = new AgentSessionRecords(database);
      const other = `${examId}-other`;
      await agents.enter({ classroomId: examId, agentId: 'tab.ada', replicaId: 'r1', startedAt: minute(1) });
      await agents.enter({ classroomId: other, agentId: 'tab.bob', replicaId: 'r2', startedAt: minute(1) });
      const read = vi.spyOn(database, 'run');
      const keys = [
        [examId, 'tab.ada'],
        [examId, 'tab.bob'],
        [other, 'tab.bob'],
      ] as const;
      const found = await Promise.all(keys.map(([classroomId, agentId]) => agents.find(classroomId, agentId)));
      expect(found.map((agent) => agent?.replicaId ?? null)).toEqual(['r1', null, 'r2']);
      expect(read).toHaveBeenCalledOnce();
      read.mockRestore();
    });

    test('lists by rising sequence id, page by page', async () => {
      const agents = new AgentSessionRecords(database);
      for (const agentId of ['a', 'b', 'c']) {
        await agents.enter({ classroomId: examId, agentId, replicaId: 'r1', startedAt: minute(1) });
      }
      const first = await agents.list(examId, 0, 2);
      expect(first.map(({ agentId }) => agentId)).toEqual(['a', 'b']);
      const second = await agents.list(examId, first.at(-1)?.sequenceId ?? 0, 2);
      expect(second.map(({ agentId }) => agentId)).toEqual(['c']);
    });
  });
});
