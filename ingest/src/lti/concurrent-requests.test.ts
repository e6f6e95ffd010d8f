import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import { LtiPlatformHost } from '../../test/lti-platform-host.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { LtiAttemptRecords } from '../records/lti-attempt-records.ts';
import { LtiDeepLinkRecords } from '../records/lti-deep-link-records.ts';
import { LtiInvitationRecords } from '../records/lti-invitation-records.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { LtiToolKeyRecords } from '../records/lti-tool-key-records.ts';
import { platformConfigurationClaim } from './tool-configuration.ts';
import { DeepLinking } from './deep-linking.ts';
import { Registration, invitePlatform } from './registration.ts';
import { ToolKeys } from './tool-keys.ts';

const nowMs = Date.parse(minute(0));
const now = () => nowMs;

let host: LtiPlatformHost;
beforeAll(async () => {
  host = await new LtiPlatformHost().start();
});
afterAll(() => host.stop());

const outcomes = async (requests: Promise<unknown>[]) =>
  (await Promise.allSettled(requests))
    .map((result) => (result.status === 'fulfilled' ? 'done' : (result.reason as { reason: string }).reason))
    .toSorted();

onEachDatabase((open) => {
  test('two replicas that need a signing key at the same time agree on one', async () => {
    const replica = () => new ToolKeys({ records: new LtiToolKeyRecords(open()), now });
    const [first, second] = await Promise.all([replica().published(), replica().published()]);
    expect(first.keys).toHaveLength(1);
    expect(second).toEqual(first);
  });

  test('two teachers who open a new link at the same time come into the same exam', async () => {
    const records = new LtiRecords(open());
    const link = { platformId: 'canvas', deploymentId: 'd', resourceLinkId: 'new' };
    const tied = await Promise.all([records.tie(link, 'exam-1'), records.tie(link, 'exam-2')]);
    expect(tied[0]).toBe(tied[1]);
    expect(await records.examOf(link)).toBe(tied[0]);
  });

  test('two launches with the same state: one has it', async () => {
    const records = new LtiRecords(open());
    await records.register({ ...host.platform, platformId: 'states', issuer: 'https://states.example' }, [], minute(0));
    const state = { stateHash: 'hash', nonce: 'n', platformId: 'states', targetLinkUri: '', proofHash: null };
    await records.addState({ ...state, expiresAt: minute(10) }, minute(0));
    const taken = await Promise.all([records.takeState('hash', minute(1)), records.takeState('hash', minute(1))]);
    expect(taken.filter((each) => each !== null)).toHaveLength(1);
  });

  test('an attempt ends once, and does not start again', async () => {
    const attempts = new LtiAttemptRecords(open());
    const attempt = {
      platformId: 'canvas',
      deploymentId: 'd',
      resourceLinkId: 'l',
      attemptId: 'attempt',
      attemptNumber: 1,
      examId: 'attempts',
      studentId: 'ada',
      subject: 'a',
      startAssessmentUrl: '',
      sessionData: 'data',
      controlUrl: null,
      controlActions: [],
      createdAt: minute(0),
      endedAt: null,
    };
    const starts = await Promise.all([attempts.start(attempt), attempts.start({ ...attempt, attemptId: 'second' })]);
    expect(new Set(starts.map((each) => each?.attemptId)).size).toBe(1);
    const { attemptId = '' } = starts[0] ?? {};
    const ends = await Promise.all([attempts.end(attemptId, minute(1)), attempts.end(attemptId, minute(2))]);
    expect(ends.filter(Boolean)).toHaveLength(1);
    expect(await attempts.start({ ...attempt, sessionData: 'newer' })).toBeNull();
  });

  describe('an answer to the request to choose an exam', () => {
    const setUp = async (teacher = 'creator') => {
      const database = open();
      const exams = new ExamRecords(database);
      const platforms = new LtiRecords(database);
      const platform = { ...host.platform, platformId: randomUUID(), issuer: `https://${randomUUID()}.example` };
      await platforms.register(platform, [], minute(0));
      let created = 0;
      const deepLinking = new DeepLinking({
        records: new LtiDeepLinkRecords(database),
        platforms,
        exams,
        createExam: async ({ title, durationMinutes }, teacherId) => {
          created += 1;
          const examId = randomUUID();
          const teachers = teacher === 'creator' ? [teacherId] : [teacher];
          const policy = v.parse(ExamPolicySchema, {});
          const pin = randomUUID();
          const made = { examId, title, durationMinutes, createdBy: teacherId, teachers, policy, pin };
          await exams.create({ ...made, scheduledAt: null, totalQuestions: null, createdAt: minute(0) });
          return examId;
        },
        keys: new ToolKeys({ records: new LtiToolKeyRecords(database), now }),
        launchUrl: 'https://invigil.example.edu/lti/launch',
        now,
      });
      const settings = { returnUrl: 'https://lms.example/return', data: null, title: null, opensWindows: false };
      const user = { deploymentId: 'd', contextId: null, subject: 'tina', name: null, roles: ['Instructor'] };
      const { request } = await deepLinking.begin(platform, { ...user, message: 'deep_linking', settings });
      return { deepLinking, request, created: () => created };
    };
    const chosen = { kind: 'new', title: null, durationMinutes: null } as const;

    test('that is sent twice at the same time creates one exam', async () => {
      const { deepLinking, request, created } = await setUp();
      const twice = [deepLinking.finish(request, chosen), deepLinking.finish(request, chosen)];
      expect(await outcomes(twice)).toEqual(['choice', 'done']);
      expect(created()).toBe(1);
    });

    test('does not lead to an exam that the teacher does not teach, and cannot be tried again', async () => {
      const { deepLinking, request } = await setUp('grace');
      expect(await outcomes([deepLinking.finish(request, chosen)])).toEqual(['choice']);
      expect(await outcomes([deepLinking.finish(request, { kind: 'none' })])).toEqual(['choice']);
    });
  });

  describe('an invitation', () => {
    const setUp = () => {
      const database = open();
      const invitations = new LtiInvitationRecords(database);
      const issuer = host.origin;
      host.requests.length = 0;
      host.answer = ({ line }) => ({
        body: line.startsWith('POST')
          ? { client_id: `client-${randomUUID()}` }
          : {
              issuer,
              authorization_endpoint: `${issuer}/login`,
              token_endpoint: `${issuer}/token`,
              jwks_uri: `${issuer}/keys`,
              registration_endpoint: `${issuer}/registration`,
              [platformConfigurationClaim]: {
                messages_supported: [{ type: 'LtiResourceLinkRequest' }, { type: 'Other' }],
              },
            },
      });
      const at = (time: number) =>
        new Registration({
          invitations,
          platforms: new LtiRecords(database),
          publicUrl: 'https://invigil.example.edu/',
          now: () => time,
        });
      return { invitations, at };
    };
    const configuration = () => `${host.origin}/configuration`;

    test('that is used twice at the same time registers one platform', async () => {
      const { invitations, at } = setUp();
      const secret = await invitePlatform(invitations, host.origin, nowMs);
      const register = () => at(nowMs).register(secret, configuration(), null);
      expect(await outcomes([register(), register()])).toEqual(['done', 'invitation']);
      expect(host.lines.filter((line) => line === 'POST /registration')).toHaveLength(1);
    });

    test('asks for no permission to control assessments from a platform without proctoring', async () => {
      const { invitations, at } = setUp();
      await at(nowMs).register(await invitePlatform(invitations, host.origin, nowMs), configuration(), null);
      const { body = '{}', headers } = host.requests.at(-1) ?? {};
      expect(headers).not.toHaveProperty('authorization');
      expect(JSON.parse(body)).toMatchObject({
        scope: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
        jwks_uri: 'https://invigil.example.edu/.well-known/lti-keys.json',
      });
    });

    test('ends after a day, before any request to the platform', async () => {
      const { invitations, at } = setUp();
      const secret = await invitePlatform(invitations, host.origin, nowMs);
      expect(await outcomes([at(nowMs + 86_400_000).register(secret, configuration(), null)])).toEqual(['invitation']);
      expect(host.lines).toEqual([]);
    });

    test('survives a platform whose configuration cannot be read', async () => {
      const { invitations, at } = setUp();
      const secret = await invitePlatform(invitations, host.origin, nowMs);
      const { answer } = host;
      host.answer = () => ({ status: 503 });
      expect(await outcomes([at(nowMs).register(secret, configuration(), null)])).toEqual(['registration_answer']);
      host.answer = answer;
      expect(await outcomes([at(nowMs).register(secret, configuration(), null)])).toEqual(['done']);
    });
  });
});
