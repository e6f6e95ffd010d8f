import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import type { StudentRequest } from '../model/exam.ts';
import type { StaffSession } from '../model/staff-session.ts';
import { ErasureRecords } from './erasure-records.ts';
import { ExamLinkRecords } from './exam-link-records.ts';
import { FrameBlockRecords } from './frame-block-records.ts';
import { LtiMemberRecords } from './lti-member-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import { RetentionRecords } from './retention-records.ts';
import { ReviewRecords } from './review-records.ts';
import { SessionEndRecords } from './session-end-records.ts';
import { SessionRecords } from './session-records.ts';
import { StaffSessionRecords } from './staff-session-records.ts';
import { StudentRequestRecords } from './student-request-records.ts';

const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

onEachDatabase((open) => {
  describe('personal links', () => {
    let database: RecordsDatabase;
    let links: ExamLinkRecords;
    let examId: string;

    beforeEach(() => {
      database = open();
      links = new ExamLinkRecords(database);
      examId = `exam-${randomUUID()}`;
    });

    const linkOf = (studentId: string, linkId = `${examId}-${studentId}`) => ({
      linkId,
      examId,
      studentId,
      createdAt: minute(0),
      expiresAt: minute(60),
      revokedAt: null,
    });
    const give = (...chosen: ReturnType<typeof linkOf>[]) => links.replace(examId, () => chosen, 'tess');
    const audit = () =>
      database.run((db) =>
        db
          .selectFrom('audit')
          .select(['actor', 'action', 'detail'])
          .where('exam_id', '=', examId)
          .orderBy('audit_id')
          .execute(),
      );

    test('links of a large exam come in several statements, and back in the order of their students', async () => {
      const students = Array.from({ length: 401 }, (_, index) => `s${String(index).padStart(3, '0')}`);
      await give(...students.toReversed().map((studentId) => linkOf(studentId)));
      expect((await links.list(examId)).map(({ studentId }) => studentId)).toEqual(students);
      expect(await audit()).toEqual([{ actor: 'tess', action: 'exam.links_created', detail: '{"links":401}' }]);
    });

    test('a new link replaces a revoked one, and the time of the first use stays', async () => {
      await give(linkOf('ada'), linkOf('bob'));
      await links.used(examId, 'ada', minute(1));
      await links.used(examId, 'ada', minute(2));
      await links.revoke(examId, 'ada', 'tess', minute(3));
      await links.replace(examId, () => [linkOf('ada', `${examId}-new`)], 'tom');
      expect(await links.find(examId, 'ada')).toEqual({
        ...linkOf('ada', `${examId}-new`),
        createdBy: 'tom',
        firstUsedAt: minute(1),
      });
      expect(await links.find(examId, 'bob')).toEqual({ ...linkOf('bob'), createdBy: 'tess', firstUsedAt: null });
    });

    test('five replicas that create missing links at once create each once', async () => {
      const create = (replica: number) =>
        links.replace(
          examId,
          (known) => (known.length > 0 ? [] : [linkOf('ada', `${examId}-${replica}`)]),
          `replica-${replica}`,
        );
      await Promise.all([0, 1, 2, 3, 4].map(create));
      const [link] = await links.list(examId);
      expect(await audit()).toEqual([{ actor: link?.createdBy, action: 'exam.links_created', detail: '{"links":1}' }]);
    });

    test('a link is revoked by one of five requests, and the audit does not say whose it was', async () => {
      await give(linkOf('ada'));
      const revoked = await Promise.all([1, 2, 3, 4, 5].map((at) => links.revoke(examId, 'ada', 'tess', minute(at))));
      expect(revoked.filter(Boolean)).toHaveLength(1);
      expect(await links.revoke(examId, 'bob', 'tess', minute(9))).toBe(false);
      expect((await audit()).filter(({ action }) => action === 'exam.link_revoked')).toEqual([
        { actor: 'tess', action: 'exam.link_revoked', detail: null },
      ]);
    });

    test('extending a link changes nothing but its end, and no other link', async () => {
      await give(linkOf('ada'), linkOf('bob'));
      await links.extend(linkOf('ada').linkId, minute(90));
      expect(await links.find(examId, 'ada')).toMatchObject({ ...linkOf('ada'), expiresAt: minute(90) });
      expect(await links.find(examId, 'bob')).toMatchObject(linkOf('bob'));
    });

    test('reading the links is noted once for each reader and period', async () => {
      await links.seen(examId, 'tess', minute(10), minute(5));
      await links.seen(examId, 'tess', minute(11), minute(9));
      await links.seen(examId, 'tom', minute(11), minute(9));
      await links.seen(examId, 'tess', minute(20), minute(10));
      await links.seen(`${examId}-2`, 'tess', minute(20), minute(10));
      expect((await audit()).map(({ actor, action }) => [actor, action])).toEqual([
        ['tess', 'exam.links_read'],
        ['tom', 'exam.links_read'],
        ['tess', 'exam.links_read'],
      ]);
    });
  });

  describe('students’ requests', () => {
    let requests: StudentRequestRecords;
    let examId: string;

    beforeEach(() => {
      requests = new StudentRequestRecords(open());
      examId = `exam-${randomUUID()}`;
    });

    const requestOf = (name: string, extra: Partial<StudentRequest> = {}): StudentRequest => ({
      requestId: `${examId}-${name}`,
      kind: 'help',
      studentId: 'ada',
      text: 'where?',
      at: minute(1),
      doneAt: null,
      doneBy: null,
      ...extra,
    });
    const listed = async () => (await requests.list(examId)).map(({ requestId }) => requestId.slice(examId.length + 1));

    test('requests come newest first, as they were made, and those of the same time in a fixed order', async () => {
      const newest = requestOf('b', { text: null, kind: 'erasure', at: minute(3) });
      for (const request of [requestOf('d'), requestOf('c'), newest, requestOf('a', { at: minute(2) })]) {
        await requests.add(examId, request, 9);
      }
      expect(await listed()).toEqual(['b', 'a', 'c', 'd']);
      expect((await requests.list(examId))[0]).toEqual(newest);
    });

    test('ten requests at once fill the three places that a student has', async () => {
      const names = Array.from({ length: 10 }, (_, index) => String(index));
      const added = await Promise.all(names.map((name) => requests.add(examId, requestOf(name), 3)));
      expect(added.filter(Boolean)).toHaveLength(3);
      expect(await listed()).toHaveLength(3);
    });

    test('a student’s limit counts neither classmates nor other exams, but requests that are done', async () => {
      expect(await requests.add(examId, requestOf('a'), 1)).toBe(true);
      expect(await requests.add(examId, requestOf('bob', { studentId: 'bob' }), 1)).toBe(true);
      expect(await requests.add(`${examId}-2`, requestOf('2'), 1)).toBe(true);
      await requests.finish(examId, requestOf('a').requestId, 'tess', minute(2));
      expect(await requests.add(examId, requestOf('b'), 1)).toBe(false);
    });

    test('of two teachers who finish a request at once, one is kept with the time', async () => {
      await requests.add(examId, requestOf('a'), 9);
      const finish = (actor: string, at: number) =>
        requests.finish(examId, requestOf('a').requestId, actor, minute(at));
      expect(await Promise.all([finish('tess', 5), finish('tom', 6)])).toEqual([true, true]);
      const [first] = await requests.list(examId);
      expect([
        ['tess', minute(5)],
        ['tom', minute(6)],
      ]).toContainEqual([first?.doneBy, first?.doneAt]);
      expect(await finish('uma', 7)).toBe(true);
      expect(await requests.list(examId)).toEqual([first]);
    });

    test('a request is finished in its own exam only', async () => {
      await requests.add(examId, requestOf('a'), 9);
      expect(await requests.finish(`${examId}-2`, requestOf('a').requestId, 'tess', minute(2))).toBe(false);
      expect(await requests.finish(examId, 'unknown', 'tess', minute(2))).toBe(false);
      expect((await requests.list(examId))[0]?.doneAt).toBeNull();
    });
  });

  describe('sessions of staff', () => {
    let database: RecordsDatabase;
    let records: StaffSessionRecords;
    let id: string;

    beforeEach(() => {
      database = open();
      records = new StaffSessionRecords(database);
      id = randomUUID();
    });

    const sessionOf = (extra: Partial<StaffSession> = {}): StaffSession => ({
      id,
      userId: 'tess',
      role: 'TEACHER',
      issuer: `https://${id}.example`,
      subject: '7',
      providerSession: 'browser-1',
      idToken: 'token',
      createdAt: minute(0),
      expiresAt: minute(60),
      ...extra,
    });
    const found = async (ids: readonly string[]): Promise<string[]> => {
      const sessions = await Promise.all(ids.map((each) => records.find(each, minute(1))));
      return sessions.flatMap((session) => session?.id ?? []);
    };

    test('a session is found as it began until the moment at which it expires', async () => {
      const session = sessionOf({ providerSession: null, role: 'ADMIN' });
      await records.add(session);
      expect(await records.find(id, new Date(Date.parse(minute(60)) - 1).toISOString())).toEqual(session);
      expect(await records.find(id, minute(60))).toBeNull();
      expect(await records.find(`${id}-unknown`, minute(1))).toBeNull();
    });

    test('an id cannot be used for a second session', async () => {
      await records.add(sessionOf());
      await expect(records.add(sessionOf({ userId: 'eve' }))).rejects.toMatchObject({ reason: 'records_unavailable' });
      expect(await records.find(id, minute(1))).toMatchObject({ userId: 'tess' });
    });

    test.each(['STUDENT', 'OWNER', 'teacher'])('a row with the role %s admits nobody', async (role) => {
      await records.add(sessionOf());
      await database.run((db) =>
        db.updateTable('staff_sessions').set({ role }).where('staff_session_id', '=', id).execute(),
      );
      expect(await records.find(id, minute(1))).toBeNull();
    });

    test('sessions that have expired are deleted with their tokens, and no others', async () => {
      await records.add(sessionOf({ id: `${id}-old`, expiresAt: minute(5) }));
      await records.add(sessionOf({ id: `${id}-open`, expiresAt: minute(6) }));
      await records.deleteExpired(minute(5));
      expect(await found([`${id}-old`, `${id}-open`])).toEqual([`${id}-open`]);
    });

    test('those that run among thousands of ids are found, without the expired and the unknown', async () => {
      await records.add(sessionOf());
      await records.add(sessionOf({ id: `${id}-old`, expiresAt: minute(5) }));
      const unknown = Array.from({ length: 2500 }, (_, index) => `${id}-unknown-${index}`);
      expect(await records.among([`${id}-old`, ...unknown, id], minute(5))).toEqual(new Set([id]));
      expect(await records.among([], minute(5))).toEqual(new Set());
    });

    test('signing out ends one session, and nothing the second time', async () => {
      await records.add(sessionOf());
      await records.add(sessionOf({ id: `${id}-phone` }));
      await records.end(id);
      await records.end(id);
      expect(await found([id, `${id}-phone`])).toEqual([`${id}-phone`]);
    });

    const others = (): Record<'phone' | 'colleague' | 'elsewhere', StaffSession> => ({
      phone: sessionOf({ id: `${id}-phone`, providerSession: 'browser-2' }),
      colleague: sessionOf({ id: `${id}-colleague`, subject: '8', providerSession: null }),
      elsewhere: sessionOf({ id: `${id}-elsewhere`, issuer: `https://${id}.other.example` }),
    });

    test.each([
      {
        what: 'one of the provider’s sessions',
        which: { providerSession: 'browser-1' },
        left: ['phone', 'colleague', 'elsewhere'],
      },
      { what: 'all of a user', which: { subject: '7' }, left: ['colleague', 'elsewhere'] },
      { what: 'none of an unknown user', which: { subject: '9' }, left: ['own', 'phone', 'colleague', 'elsewhere'] },
    ])('a provider ends $what, and none of another provider', async ({ which, left }) => {
      const sessions = { own: sessionOf(), ...others() };
      for (const session of Object.values(sessions)) await records.add(session);
      const ids = Object.values(sessions).map((session) => session.id);
      const ended = await records.endAll({ issuer: sessions.own.issuer, ...which });
      const remaining = await found(ids);
      const names = Object.entries(sessions).flatMap(([name, session]) =>
        remaining.includes(session.id) ? [name] : [],
      );
      expect(names).toEqual(left);
      expect([...remaining, ...ended].toSorted()).toEqual(ids.toSorted());
    });
  });

  describe('blocks of frames', () => {
    let blocks: FrameBlockRecords;
    let sessionId: string;
    const keyOf = (fromLinks: number, generation = 'g1', fromUnnumbered = 0) => ({
      generation,
      fromLinks,
      fromUnnumbered,
    });

    beforeEach(() => {
      blocks = new FrameBlockRecords(open());
      sessionId = `session-${randomUUID()}`;
    });

    test('a block comes back byte for byte, an empty one too', async () => {
      await blocks.put(sessionId, keyOf(0), 'all bytes', bytes);
      await blocks.put(sessionId, keyOf(1), 'empty', Buffer.alloc(0));
      expect((await blocks.read(sessionId, keyOf(0))).equals(bytes)).toBe(true);
      expect(await blocks.read(sessionId, keyOf(1))).toHaveLength(0);
    });

    test('five replicas that store the same block at once all learn which one is kept', async () => {
      const put = (replica: number) => blocks.put(sessionId, keyOf(0), `info-${replica}`, Buffer.from([replica]));
      const infos = await Promise.all([0, 1, 2, 3, 4].map(put));
      expect(await blocks.list(sessionId)).toEqual([infos[0]]);
      expect(new Set(infos).size).toBe(1);
      expect([...(await blocks.read(sessionId, keyOf(0)))].map((replica) => `info-${replica}`)).toEqual([infos[0]]);
    });

    test.each([
      { part: 'numbered frames', other: keyOf(1) },
      { part: 'unnumbered frames', other: keyOf(0, 'g1', 1) },
      { part: 'generation', other: keyOf(0, 'g2') },
    ])('blocks that differ in their $part are two', async ({ other }) => {
      expect(await blocks.put(sessionId, keyOf(0), 'first', Buffer.from('1'))).toBe('first');
      expect(await blocks.put(sessionId, other, 'second', Buffer.from('2'))).toBe('second');
      expect((await blocks.read(sessionId, other)).toString()).toBe('2');
    });

    test('a block that is not there cannot be read', async () => {
      await blocks.put(sessionId, keyOf(0), 'first', bytes);
      await expect(blocks.read(sessionId, keyOf(1))).rejects.toMatchObject({ reason: 'records_unavailable' });
      await expect(blocks.read(`${sessionId}-2`, keyOf(0))).rejects.toMatchObject({ reason: 'records_unavailable' });
    });

    test('clearing a generation leaves the others, and clearing a session leaves other sessions', async () => {
      for (const generation of ['g1', 'g2']) await blocks.put(sessionId, keyOf(0, generation), generation, bytes);
      await blocks.put(`${sessionId}-2`, keyOf(0), 'other', bytes);
      await blocks.clear(sessionId, 'g1');
      expect(await blocks.list(sessionId)).toEqual(['g2']);
      await blocks.clear(sessionId);
      expect(await blocks.list(sessionId)).toEqual([]);
      expect(await blocks.list(`${sessionId}-2`)).toEqual(['other']);
    });

    test('sessions with blocks come in pages, each once however many blocks it has', async () => {
      const ids = ['a', 'b', 'c'].map((name) => `${sessionId}-${name}`);
      for (const id of ids.toReversed()) for (const from of [0, 1]) await blocks.put(id, keyOf(from), 'info', bytes);
      expect(await blocks.sessions(`${sessionId}-`, 2)).toEqual(ids.slice(0, 2));
      expect((await blocks.sessions(ids[1] ?? '', 1000)).filter((id) => id.startsWith(sessionId))).toEqual([ids[2]]);
    });
  });

  describe('retention', () => {
    let database: RecordsDatabase;
    let retention: RetentionRecords;
    let examId: string;

    beforeEach(() => {
      database = open();
      retention = new RetentionRecords(database);
      examId = `exam-${randomUUID()}`;
    });

    const endSession = async (name: string, exam: string | null, endedAt: string): Promise<string> => {
      const sessionId = `${examId}-${name}`;
      const [sessions, ends] = [new SessionRecords(database), new SessionEndRecords(database)];
      await sessions.create({ sessionId, examId: exam, memberId: name, startedAt: minute(0), actor: 'tess' });
      const session = await sessions.find(sessionId);
      if (session === null) throw new Error('not created');
      await ends.claimEnd(sessionId, 'claim', Date.parse(endedAt), 60_000);
      await ends.finishEnd(
        { session, endedAt, rulesVersion: '2', report: '{}', dumpFile: 'd', actor: 'tess' },
        'claim',
      );
      return sessionId;
    };
    const due = async (exam: string | null, at: number, limit = 1000) =>
      (await retention.endedBefore(exam, minute(at), false, limit))
        .map(({ sessionId }) => sessionId)
        .filter((id) => id.startsWith(examId))
        .toSorted();

    describe('sessions whose data has expired', () => {
      test('without an exam are not taken for an exam’s, nor the other way round', async () => {
        const alone = await endSession('ada', null, minute(1));
        const inExam = await endSession('bob', examId, minute(1));
        expect(await due(null, 2)).toEqual([alone]);
        expect(await due(examId, 2)).toEqual([inExam]);
        expect(await retention.exams()).toEqual(expect.arrayContaining([null, examId]));
      });

      test('come at most as many as asked for, and the rest once those are removed', async () => {
        const ids = [];
        for (const name of ['a', 'b', 'c']) ids.push(await endSession(name, examId, minute(1)));
        const first = await due(examId, 2, 2);
        expect(first).toHaveLength(2);
        for (const sessionId of first) await retention.removeReports({ sessionId, examId }, minute(3));
        expect(await due(examId, 2, 2)).toEqual(ids.filter((id) => !first.includes(id)));
      });

      test('lose what was written about them; the audit keeps who acted, and other sessions keep all', async () => {
        const [sessionId, other] = [
          await endSession('ada', examId, minute(1)),
          await endSession('bob', examId, minute(9)),
        ];
        const reviews = new ReviewRecords(database);
        for (const id of [sessionId, other]) {
          const act = { sessionId: id, examId, actor: 'tess', at: minute(10) };
          await reviews.review(act, {
            outcome: 'nothing_to_follow_up',
            observations: [{ id: 'o', mark: 'confirmed', note: 'private' }],
          });
        }
        await retention.removeReports({ sessionId, examId }, minute(20));
        const rows = await database.run((db) =>
          db
            .selectFrom('audit')
            .select(['session_id', 'action', 'actor', 'detail'])
            .where('session_id', 'in', [sessionId, other])
            .where('action', 'in', ['review.mark', 'reports.expired'])
            .orderBy('audit_id')
            .execute(),
        );
        expect(rows.map((row) => [row.session_id, row.action, row.actor, row.detail === null])).toEqual([
          [sessionId, 'review.mark', 'tess', true],
          [other, 'review.mark', 'tess', false],
          [sessionId, 'reports.expired', 'system:retention', true],
        ]);
        expect((await reviews.of(sessionId)).outcome).toBeNull();
        expect((await reviews.of(other)).outcome).toBe('nothing_to_follow_up');
      });
    });

    describe('links and requests of students', () => {
      const linkAt = (studentId: string, expiresAt: string) => ({
        linkId: `${examId}-${studentId}`,
        examId,
        studentId,
        createdAt: minute(1),
        expiresAt,
        revokedAt: null,
      });
      const give = () =>
        new ExamLinkRecords(database).replace(
          examId,
          () => [linkAt('expired', minute(9)), linkAt('open', minute(50)), linkAt('revoked', minute(50))],
          'tess',
        );
      const left = async () => (await new ExamLinkRecords(database).list(examId)).map(({ studentId }) => studentId);

      test('go when they open nothing any more and are old enough', async () => {
        await give();
        await new ExamLinkRecords(database).revoke(examId, 'revoked', 'tess', minute(2));
        expect(await retention.removeStudentPath(examId, minute(1), minute(10))).toBe(0);
        expect(await retention.removeStudentPath(examId, minute(2), minute(9))).toBe(1);
        expect(await left()).toEqual(['expired', 'open']);
        expect(await retention.removeStudentPath(examId, minute(2), minute(10))).toBe(1);
        expect(await left()).toEqual(['open']);
      });

      test.each([
        { status: 'IN_PROGRESS' as const, remain: ['open', 'revoked'] },
        { status: 'COMPLETED' as const, remain: [] },
        { status: 'CANCELLED' as const, remain: [] },
      ])('that still open an exam remain: $status', async ({ status, remain }) => {
        await give();
        await database.run((db) =>
          db
            .insertInto('exams')
            .values({ exam_id: examId, created_at: minute(0), status })
            .execute(),
        );
        await retention.removeStudentPath(examId, minute(2), minute(10));
        expect(await left()).toEqual(remain);
      });

      test.each([
        { status: 'IN_PROGRESS' as const, over: null, remain: 1 },
        { status: 'COMPLETED' as const, over: minute(5), remain: 1 },
        { status: 'COMPLETED' as const, over: minute(1), remain: 0 },
      ])('of a course go with a finished exam: $status, $over', async ({ status, over, remain }) => {
        await database.run((db) =>
          db
            .insertInto('exams')
            .values({ exam_id: examId, created_at: minute(0), status, completed_at: over })
            .execute(),
        );
        const members = new LtiMemberRecords(database);
        await members.add(examId, [{ userId: 'ada', part: 'student' }]);
        expect(await retention.exams()).toContain(examId);
        expect(await retention.removeStudentPath(examId, minute(2), minute(10))).toBe(1 - remain);
        expect(await members.list(examId)).toHaveLength(remain);
      });

      test('of another exam remain', async () => {
        const requests = new StudentRequestRecords(database);
        const request = {
          kind: 'help' as const,
          studentId: 'ada',
          text: 'where?',
          at: minute(1),
          doneAt: null,
          doneBy: null,
        };
        for (const exam of [examId, `${examId}-2`]) await requests.add(exam, { ...request, requestId: exam }, 9);
        expect(await retention.exams()).toEqual(expect.arrayContaining([examId, `${examId}-2`]));
        expect(await retention.removeStudentPath(examId, minute(2), minute(10))).toBe(1);
        expect(await requests.list(`${examId}-2`)).toHaveLength(1);
      });
    });

    test('the time of an erasure stays until no older token is valid', async () => {
      const erasures = new ErasureRecords(database);
      const userHash = await erasures.hashOf(examId);
      await database.run((db) =>
        db.transaction().execute((transaction) => erasures.note(transaction, userHash, minute(5))),
      );
      await retention.removeErasures(minute(5));
      expect(await erasures.erasedAt(examId)).toBe(minute(5));
      await retention.removeErasures(minute(6));
      expect(await erasures.erasedAt(examId)).toBeNull();
    });

    test('a run of an earlier server, which did not note its clock, has no boot id', async () => {
      for (const detail of [null, '{"frames_removed":1}']) {
        await database.run((db) =>
          db
            .insertInto('audit')
            .values({ at: minute(1), actor: 'system:retention', action: 'retention.ran', session_id: null, detail })
            .execute(),
        );
        expect(await retention.lastMark()).toEqual({ at: minute(1), bootId: null, uptimeMs: 0, isRun: true });
      }
    });
  });
});
