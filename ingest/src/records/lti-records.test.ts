import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import type { LtiAttempt, LtiPlatform, LtiResourceLink } from '../model/lti-platform.ts';
import { LtiAttemptRecords } from './lti-attempt-records.ts';
import { LtiDeepLinkRecords } from './lti-deep-link-records.ts';
import { LtiInvitationRecords } from './lti-invitation-records.ts';
import { LtiMemberRecords } from './lti-member-records.ts';
import { LtiRecords } from './lti-records.ts';
import { LtiRosterRecords } from './lti-roster-records.ts';
import { LtiToolKeyRecords } from './lti-tool-key-records.ts';
import type { RecordsDatabase } from './records-database.ts';

/** What five replicas get that do the same at once. */
const atOnce = <Result>(act: (replica: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all([0, 1, 2, 3, 4].map(act));

onEachDatabase((open) => {
  let database: RecordsDatabase;
  let id: string;
  let link: LtiResourceLink;

  beforeEach(() => {
    database = open();
    id = randomUUID();
    link = { platformId: `platform-${id}`, deploymentId: '1', resourceLinkId: 'quiz' };
  });

  const platformOf = (extra: Partial<LtiPlatform> = {}): LtiPlatform => ({
    platformId: `platform-${id}`,
    issuer: `https://${id}.example`,
    clientId: 'client',
    loginUrl: 'https://moodle.example/login',
    keysUrl: 'https://moodle.example/keys',
    tokenUrl: null,
    serviceOrigins: [],
    ...extra,
  });

  describe('a platform', () => {
    let records: LtiRecords;
    beforeEach(() => void (records = new LtiRecords(database)));
    const own = async () => (await records.list()).filter(({ issuer }) => issuer.includes(id));

    test('that registers again gets new addresses, keeps its id, and adds deployments to those it had', async () => {
      const platform = platformOf();
      await records.register(platform, ['1', '2'], minute(0));
      const moved = { ...platform, loginUrl: 'https://new.example/login', tokenUrl: 'https://new.example/token' };
      await records.register({ ...moved, platformId: 'another' }, ['2', '3'], minute(1));
      const [kept, ...more] = await own();
      expect(kept).toMatchObject(moved);
      expect(kept?.deployments.toSorted()).toEqual(['1', '2', '3']);
      expect(more).toEqual([]);
      expect(await records.byId('another')).toBeNull();
    });

    test('that registers without deployments has none, and its services’ origins are kept', async () => {
      const platform = platformOf({ serviceOrigins: ['https://a.example', 'https://b.example'] });
      await records.register(platform, [], minute(0));
      expect(await own()).toEqual([{ ...platform, deployments: [] }]);
      expect(await records.hasDeployment(platform.platformId, '1')).toBe(false);
    });

    test('is one platform when five replicas register it at once', async () => {
      await atOnce((replica) =>
        records.register(platformOf({ platformId: `${id}-${replica}` }), [String(replica)], minute(0)),
      );
      const [kept, ...more] = await own();
      expect(kept?.deployments.toSorted()).toEqual(['0', '1', '2', '3', '4']);
      expect(more).toEqual([]);
    });

    test('from an early version, without services, reads as one that uses none', async () => {
      const { platformId, issuer, clientId, loginUrl, keysUrl } = platformOf();
      const row = { platform_id: platformId, issuer, client_id: clientId, login_url: loginUrl, keys_url: keysUrl };
      await database.run((db) =>
        db
          .insertInto('lti_platforms')
          .values({ ...row, created_at: minute(0) })
          .execute(),
      );
      expect(await records.byId(platformId)).toEqual(platformOf());
    });

    test('is found by its issuer alone only while the issuer has one client', async () => {
      const platform = platformOf();
      await records.register(platform, [], minute(0));
      expect(await records.find(platform.issuer, null)).toEqual(platform);
      expect(await records.find(platform.issuer, 'unknown')).toBeNull();
      const second = platformOf({ platformId: `${id}-2`, clientId: 'second' });
      await records.register(second, [], minute(1));
      expect(await records.find(platform.issuer, null)).toBeNull();
      expect(await records.find(platform.issuer, 'second')).toEqual(second);
    });

    test('has no deployment of another platform', async () => {
      await records.register(platformOf(), ['1'], minute(0));
      const other = platformOf({ platformId: `${id}-2`, clientId: 'second' });
      await records.register(other, ['2'], minute(0));
      expect(await records.hasDeployment(other.platformId, '2')).toBe(true);
      expect(await records.hasDeployment(other.platformId, '1')).toBe(false);
    });
  });

  describe('a launch', () => {
    let records: LtiRecords;
    beforeEach(async () => {
      records = new LtiRecords(database);
      await records.register(platformOf(), ['1'], minute(0));
    });
    const stateOf = (extra: object = {}) => ({
      stateHash: id,
      nonce: 'nonce',
      platformId: `platform-${id}`,
      targetLinkUri: 'https://tool.example/launch',
      proofHash: null,
      expiresAt: minute(10),
      ...extra,
    });

    test('comes back once, on one of five replicas, with its platform', async () => {
      await records.addState(stateOf(), minute(0));
      const taken = await atOnce(() => records.takeState(id, minute(9)));
      expect(taken.filter((each) => each !== null)).toEqual([{ state: stateOf(), platform: platformOf() }]);
    });

    test('that comes back when it has just expired is refused, and cannot be tried again with an earlier clock', async () => {
      await records.addState(stateOf(), minute(0));
      expect(await records.takeState(id, minute(10))).toBeNull();
      expect(await records.takeState(id, minute(9))).toBeNull();
    });

    test('of a platform that was removed meanwhile is refused', async () => {
      await records.addState(stateOf({ platformId: `${id}-removed` }), minute(0));
      expect(await records.takeState(id, minute(1))).toBeNull();
    });

    test('removes those that have expired when it begins, and no others', async () => {
      await records.addState(stateOf({ stateHash: `${id}-old`, expiresAt: minute(4) }), minute(0));
      await records.addState(stateOf({ stateHash: `${id}-open`, expiresAt: minute(5) }), minute(0));
      await records.addState(stateOf(), minute(4));
      const left = await database.run((db) =>
        db.selectFrom('lti_states').select('state_hash').where('nonce', '=', 'nonce').execute(),
      );
      const hashes = left.map((row) => row.state_hash);
      expect(hashes).toEqual(expect.arrayContaining([`${id}-open`, id]));
      expect(hashes).not.toContain(`${id}-old`);
    });

    test('shows its platform for a stored proof, any number of times, until it expires', async () => {
      await records.addState(stateOf({ proofHash: 'proof' }), minute(0));
      expect(await records.platformOfProof(id, minute(9))).toEqual(platformOf());
      expect(await records.platformOfProof(id, minute(9))).toEqual(platformOf());
      expect(await records.platformOfProof(id, minute(10))).toBeNull();
      expect(await records.takeState(id, minute(9))).toMatchObject({ state: { proofHash: 'proof' } });
    });

    test('that set a cookie shows no platform', async () => {
      await records.addState(stateOf(), minute(0));
      expect(await records.platformOfProof(id, minute(1))).toBeNull();
      expect(await records.platformOfProof(`${id}-unknown`, minute(1))).toBeNull();
    });
  });

  describe('a link in a course', () => {
    test('leads everybody to the exam of the first of five teachers', async () => {
      const records = new LtiRecords(database);
      const tied = await atOnce((teacher) => records.tie(link, `exam-${teacher}`));
      expect(new Set(tied).size).toBe(1);
      expect(await records.examOf(link)).toBe(tied[0]);
    });

    test.each(['platformId', 'deploymentId', 'resourceLinkId'] as const)(
      'of another %s is another link',
      async (part) => {
        const records = new LtiRecords(database);
        await records.tie(link, 'exam');
        expect(await records.examOf({ ...link, [part]: 'other' })).toBeNull();
      },
    );
  });

  describe('an attempt at a platform’s assessment', () => {
    let records: LtiAttemptRecords;
    beforeEach(() => void (records = new LtiAttemptRecords(database)));
    const attemptOf = (extra: Partial<LtiAttempt> = {}): LtiAttempt => ({
      ...link,
      attemptId: `${id}-1`,
      attemptNumber: 1,
      examId: id,
      studentId: 'ada',
      subject: '7',
      startAssessmentUrl: 'https://moodle.example/start',
      sessionData: 'first',
      controlUrl: null,
      controlActions: [],
      createdAt: minute(0),
      endedAt: null,
      ...extra,
    });

    test('that starts again keeps its id and takes the platform’s newest data', async () => {
      await records.start(attemptOf());
      const sent = { sessionData: 'second', controlUrl: 'https://moodle.example/control', controlActions: ['pause'] };
      const again = attemptOf({ ...sent, attemptId: `${id}-2`, createdAt: minute(5) });
      expect(await records.start(again)).toEqual(attemptOf(sent));
      expect(await records.find(link, 'ada', 1)).toEqual(attemptOf(sent));
    });

    test('that starts five times at once is one attempt', async () => {
      const started = await atOnce((n) =>
        records.start(attemptOf({ attemptId: `${id}-${n}`, sessionData: `data-${n}` })),
      );
      expect(new Set(started.map((each) => each?.attemptId)).size).toBe(1);
    });

    test('ends once, does not start again, and the next number is a new attempt', async () => {
      await records.start(attemptOf());
      expect((await atOnce(() => records.end(`${id}-1`, minute(9)))).filter(Boolean)).toHaveLength(1);
      expect(await records.end(`${id}-unknown`, minute(9))).toBe(false);
      expect(await records.start(attemptOf())).toBeNull();
      const second = attemptOf({ attemptId: `${id}-2`, attemptNumber: 2, createdAt: minute(10) });
      expect(await records.start(second)).toEqual(second);
      expect(await records.find(link, 'ada', 1)).toMatchObject({ endedAt: minute(9) });
    });

    test('is current while it is the student’s newest that has not ended', async () => {
      expect(await records.current(id, 'ada')).toBeNull();
      await records.start(attemptOf());
      await records.start(attemptOf({ attemptId: `${id}-2`, attemptNumber: 2 }));
      await records.start(attemptOf({ attemptId: `${id}-bob`, attemptNumber: 3, studentId: 'bob' }));
      expect(await records.current(id, 'ada')).toMatchObject({ attemptNumber: 2 });
      await records.end(`${id}-2`, minute(3));
      expect(await records.current(id, 'ada')).toMatchObject({ attemptNumber: 1 });
      await records.end(`${id}-1`, minute(4));
      expect(await records.current(id, 'ada')).toBeNull();
    });
  });

  describe('a request to choose an exam', () => {
    const requestOf = (extra: object = {}) => ({
      requestHash: id,
      platformId: 'p',
      deploymentId: '1',
      contextId: null,
      userId: 'tess',
      returnUrl: 'https://moodle.example/return',
      data: null,
      opensWindows: false,
      expiresAt: minute(10),
      ...extra,
    });

    test.each([
      { contextId: null, data: null, opensWindows: false },
      { contextId: 'course', data: '{"csrf":"é"}', opensWindows: true },
    ])('is answered by one of five replicas with all that the platform sent: $data', async (sent) => {
      const records = new LtiDeepLinkRecords(database);
      await records.addRequest(requestOf(sent), minute(0));
      const taken = await atOnce(() => records.takeRequest(id, minute(1)));
      expect(taken.filter((each) => each !== null)).toEqual([requestOf(sent)]);
    });

    test('is refused once it has expired, and goes when the next one begins', async () => {
      const records = new LtiDeepLinkRecords(database);
      await records.addRequest(requestOf(), minute(0));
      expect(await records.takeRequest(id, minute(10))).toBeNull();
      await records.addRequest(requestOf({ expiresAt: minute(2) }), minute(0));
      await records.addRequest(requestOf({ requestHash: `${id}-next` }), minute(2));
      expect(await records.takeRequest(id, minute(1))).toBeNull();
      expect(await records.takeRequest(`${id}-next`, minute(1))).not.toBeNull();
    });
  });

  test('an invitation is used by one of five platforms, and only before it expires', async () => {
    const invitations = new LtiInvitationRecords(database);
    const invitation = { hash: id, origin: 'https://moodle.example', expiresAt: minute(10) };
    await invitations.add(invitation, minute(0));
    expect(await invitations.origin(id, minute(9))).toBe('https://moodle.example');
    expect(await invitations.origin(id, minute(10))).toBeNull();
    expect((await atOnce(() => invitations.use(id))).filter(Boolean)).toHaveLength(1);
    expect(await invitations.origin(id, minute(1))).toBeNull();
    await invitations.add({ ...invitation, expiresAt: minute(3) }, minute(2));
    await invitations.add({ ...invitation, hash: `${id}-next` }, minute(3));
    expect(await invitations.use(id)).toBe(false);
  });

  describe('members of a course', () => {
    test('in thousands come in several statements, and a new part replaces the known one', async () => {
      const members = new LtiMemberRecords(database);
      const students = Array.from({ length: 1001 }, (_, index) => ({ userId: `u${index}`, part: 'student' as const }));
      await members.add(id, students);
      await members.add(id, [{ userId: 'u1000', part: 'teacher' }]);
      const listed = await members.list(id);
      expect(listed).toHaveLength(1001);
      expect(listed.filter(({ part }) => part === 'teacher')).toEqual([{ userId: 'u1000', part: 'teacher' }]);
      await members.remove(id, 'u1000');
      expect(await members.list(id)).toHaveLength(1000);
      await members.add(id, []);
      expect(await members.list(id)).toHaveLength(1000);
    });

    test.each([
      { creator: 'tess', left: ['tess'], who: 'but the one who created the exam' },
      { creator: null, left: [], who: 'of an exam that a session created' },
    ])('a teacher who left loses the exam: all $who', async ({ creator, left }) => {
      const [members, platforms] = [new LtiMemberRecords(database), new LtiRecords(database)];
      await database.run((db) =>
        db
          .insertInto('exams')
          .values({ exam_id: id, created_at: minute(0), created_by: creator })
          .execute(),
      );
      for (const teacher of ['tess', 'tom', 'tom']) await platforms.addTeacher(id, teacher);
      for (const teacher of ['tess', 'tom']) await members.removeTeacher(id, teacher);
      const rows = await database.run((db) =>
        db.selectFrom('exam_teachers').select('teacher_id').where('exam_id', '=', id).execute(),
      );
      expect(rows.map((row) => row.teacher_id)).toEqual(left);
    });
  });

  describe('courses to be read', () => {
    let rosters: LtiRosterRecords;
    beforeEach(async () => {
      rosters = new LtiRosterRecords(database);
      await database.run((db) => db.deleteFrom('lti_rosters').execute());
    });
    const rosterOf = (resourceLinkId: string, examId = id) => ({
      ...link,
      resourceLinkId,
      examId,
      membershipsUrl: `https://moodle.example/${resourceLinkId}`,
    });

    test('are each claimed by one of five replicas, and again when they are next due', async () => {
      await rosters.save(rosterOf('a'), minute(1));
      await rosters.save(rosterOf('b'), minute(2));
      const claimed = await atOnce(() => rosters.claim(minute(2), minute(30)));
      const links = claimed.flatMap((each) => each?.resourceLinkId ?? []);
      expect(links.toSorted()).toEqual(['a', 'b']);
      expect(await rosters.claim(minute(29), minute(60))).toBeNull();
      expect(await rosters.claim(minute(30), minute(60))).not.toBeNull();
    });

    test('come in the order in which they are due', async () => {
      await rosters.save(rosterOf('late'), minute(2));
      await rosters.save(rosterOf('early'), minute(1));
      expect(await rosters.claim(minute(9), minute(30))).toEqual(rosterOf('early'));
      expect(await rosters.claim(minute(9), minute(30))).toEqual(rosterOf('late'));
    });

    test('that are saved again are due at once, with their new address and exam', async () => {
      await rosters.save(rosterOf('a'), minute(1));
      await rosters.claim(minute(1), minute(30));
      const moved = { ...rosterOf('a', `${id}-2`), membershipsUrl: 'https://moodle.example/moved' };
      await rosters.save(moved, minute(2));
      expect(await rosters.claim(minute(2), minute(30))).toEqual(moved);
      expect([await rosters.countOf(id), await rosters.countOf(`${id}-2`)]).toEqual([0, 1]);
    });

    test.each(['COMPLETED', 'CANCELLED'] as const)('are forgotten when their exam is %s', async (status) => {
      await database.run((db) =>
        db
          .insertInto('exams')
          .values({ exam_id: id, created_at: minute(0), status })
          .execute(),
      );
      await rosters.save(rosterOf('a'), minute(1));
      await rosters.save(rosterOf('b', `${id}-2`), minute(2));
      expect(await rosters.claim(minute(9), minute(30))).toMatchObject({ resourceLinkId: 'b' });
      expect(await rosters.countOf(id)).toBe(0);
    });
  });

  test('the first key of a period stands when five replicas make one, and the newest period comes first', async () => {
    const keys = new LtiToolKeyRecords(database);
    await keys.removeAll();
    const keyOf = (period: number, replica: number) => ({
      period,
      keyId: `${period}-${replica}`,
      privateKey: '{}',
      createdAt: minute(period),
    });
    await keys.add(keyOf(1, 0));
    await atOnce((replica) => keys.add(keyOf(2, replica)));
    await keys.add(keyOf(3, 0));
    const periods = (found: readonly { period: number }[]) => found.map(({ period }) => period);
    expect(periods(await keys.since(2))).toEqual([3, 2]);
    expect(periods(await keys.since(0))).toEqual([3, 2, 1]);
    const [, made] = await keys.since(2);
    await keys.add(keyOf(2, 9));
    expect((await keys.since(2))[1]).toEqual(made);
    expect(await keys.removeAll()).toBe(3);
    expect(await keys.removeAll()).toBe(0);
  });
});
