import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { LtiPlatformHost } from '../../test/lti-platform-host.ts';
import { LtiAttemptRecords } from '../records/lti-attempt-records.ts';
import { LtiRecords } from '../records/lti-records.ts';
import { LtiToolKeyRecords } from '../records/lti-tool-key-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { AccessTokens } from './access-tokens.ts';
import { AssessmentControl } from './assessment-control.ts';
import type { ControlAction } from './assessment-control.ts';
import { PlatformServices } from './platform-services.ts';
import { ToolKeys } from './tool-keys.ts';

const at = '2026-01-05T09:00:00.000Z';
const flag: ControlAction = { action: 'flag', incidentTime: at, severity: 0.25, reasonCode: 'proctor_note' };

let database: RecordsDatabase;
let attempts: LtiAttemptRecords;
let records: LtiRecords;
let keys: ToolKeys;
let host: LtiPlatformHost;
let logged: { event: string; [field: string]: unknown }[];
let controls: AssessmentControl[];
let exams = 0;

beforeAll(async () => {
  database = new RecordsDatabase({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') });
  attempts = new LtiAttemptRecords(database);
  records = new LtiRecords(database);
  keys = new ToolKeys({ records: new LtiToolKeyRecords(database), now: () => Date.parse(at) });
});
afterAll(async () => {
  await database.close();
  await removeFolders();
});
beforeEach(async () => {
  logged = [];
  controls = [];
  host = await new LtiPlatformHost().start();
  answering(() => ({ body: { status: 'running' } }));
});
afterEach(async () => {
  for (const control of controls) await control.close();
  host.stop();
});

const answering = (control: LtiPlatformHost['answer']): void => {
  host.answer = (request) => (request.line === 'POST /token' ? { body: { access_token: 't' } } : control(request));
};
const open = (retryAfterMs: readonly number[] = [0, 0]): AssessmentControl => {
  const log = pino({ base: null }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const services = new PlatformServices(new AccessTokens(keys, () => Date.parse(at)));
  const control = new AssessmentControl({ attempts, platforms: records, services, log, retryAfterMs });
  controls.push(control);
  return control;
};
/** An exam with an attempt of Ada, which accepts these actions. */
const examWith = async (controlActions: string[], controlUrl: string | null = `${host.origin}/control`) => {
  const examId = `exam-${(exams += 1)}`;
  const platform = { ...host.platform, platformId: `platform-${exams}` };
  await records.register(platform, [], at);
  await attempts.start({
    platformId: platform.platformId,
    deploymentId: 'd',
    resourceLinkId: 'link-1',
    attemptId: `attempt-${exams}`,
    attemptNumber: 2,
    examId,
    studentId: 'ada',
    subject: 'user|ada',
    startAssessmentUrl: `${host.origin}/start`,
    sessionData: 'data',
    controlUrl,
    controlActions,
    createdAt: at,
    endedAt: null,
  });
  return examId;
};
const sent = () =>
  host.requests.filter(({ line }) => line === 'POST /control').map(({ body }) => JSON.parse(body) as unknown);
/** Until the control has logged how it ended. */
const ended = async (event: string): Promise<void> => {
  while (!logged.some((line) => line.event === event)) await new Promise(setImmediate);
};

/** A promise that the test keeps. */
const held = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
};

describe('an action', () => {
  test('names the student as the platform does, and the attempt', async () => {
    const examId = await examWith(['flag']);
    open().send(examId, 'ada', flag);
    await ended('lti.control_sent');
    expect(sent()).toEqual([
      {
        user: { iss: host.origin, sub: 'user|ada' },
        resource_link: { id: 'link-1' },
        attempt_number: 2,
        action: 'flag',
        incident_time: at,
        incident_severity: '0.3',
        reason_code: 'proctor_note',
      },
    ]);
  });

  test.each([
    ['its status', { body: { status: 'terminated' } }, 'terminated'],
    ['no status', { body: {} }, null],
    ['a status that is no text', { body: { status: { code: 1 } } }, null],
    ['a list', { body: [] }, null],
    ['nothing', { status: 204, body: '' }, null],
  ])('is sent whether the platform answers with %s', async (_what, answer, status) => {
    answering(() => answer);
    open().send(await examWith(['flag']), 'ada', flag);
    await ended('lti.control_sent');
    expect(logged).toEqual([expect.objectContaining({ event: 'lti.control_sent', action: 'flag', status })]);
  });

  test.each([503, 429])('is sent again while the platform answers %i', async (status) => {
    let answers = 0;
    answering(() => ((answers += 1) < 3 ? { status } : {}));
    open().send(await examWith(['flag']), 'ada', flag);
    await ended('lti.control_sent');
    expect(sent()).toHaveLength(3);
  });

  test.each([
    ['at once if it is refused', 400, 1],
    ['after the last try if the platform stays unavailable', 500, 3],
  ])('is given up %s, and the log names no student', async (_when, status, tries) => {
    answering(() => ({ status }));
    open().send(await examWith(['flag']), 'ada', flag);
    await ended('lti.control_failed');
    expect(sent()).toHaveLength(tries);
    expect(JSON.stringify(logged)).not.toContain('user|ada');
  });

  test.each([
    ['is not among those that the platform accepts', ['pause'], undefined, 'ada'],
    ['has no address at the platform', ['flag'], null, 'ada'],
    ['concerns a student without an attempt', ['flag'], undefined, 'emmy'],
    ['concerns an unknown student', ['flag'], undefined, null],
  ])('that %s is not sent', async (_what, actions, url, studentId) => {
    const control = open();
    control.send(await examWith(actions, url), studentId, flag);
    await control.close();
    expect([host.lines, logged]).toEqual([[], []]);
  });
});

test('the end of the server does not wait for another try', async () => {
  answering(() => ({ status: 503 }));
  const control = open([3_600_000]);
  control.send(await examWith(['flag']), 'ada', flag);
  while (sent().length === 0) await new Promise(setImmediate);
  await control.close();
  expect(sent()).toHaveLength(1);
});

test('the end of the server waits for the work in progress', async () => {
  const control = open();
  const { promise, resolve } = held();
  let isDone = false;
  control.attempt(() => promise.then(() => void (isDone = true)));
  const closing = control.close();
  resolve();
  await closing;
  expect(isDone).toBe(true);
});

test('more than a thousand actions at a time are dropped and logged, until others have ended', async () => {
  const control = open();
  const { promise, resolve } = held();
  let begun = 0;
  const work = (): Promise<void> => {
    begun += 1;
    return promise;
  };
  for (let count = 0; count < 1001; count++) control.attempt(work);
  expect([begun, logged.map(({ event }) => event)]).toEqual([1000, ['lti.control_dropped']]);
  resolve();
  await new Promise(setImmediate);
  control.attempt(work);
  expect(begun).toBe(1001);
});
