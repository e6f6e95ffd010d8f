import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CookieJar } from '@invigil/testkit/network/cookie-jar';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LtiPlatform, ltiClaim, proctoringClaim } from '@invigil/testkit/services/lti/lti-platform';
import { bearer } from '@invigil/testkit/tokens/tokens';
import { examIn, linkIn, staffOf, startLtiServer } from './lti-server.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

let server: TestServer;
let platform: LtiPlatform;
let browser: CookieJar;
let staff: Record<string, string>;
let examId: string;
/** Each test has its own link and student. */
let link = '';
let user = '';
let tests = 0;
/** Reading what happened in the background takes longer on a busy machine. */
const within = { timeout: 20_000 };

beforeAll(async () => {
  const started = await startLtiServer(Date.now);
  ({ server } = started);
  platform = await new LtiPlatform().start();
  platform.service.members = [{ user: 'hill', roles: ['Instructor'] }];
  await started.register(platform, platform.deploymentId);
});
afterAll(async () => {
  platform.stop();
  await server.close();
  await removeFolders();
});
beforeEach(async () => {
  browser = new CookieJar();
  platform.service.actions.length = 0;
  platform.service.faults.status.clear();
  tests += 1;
  link = `assessment-${tests}`;
  user = `student-${tests}`;
  const opened = await platform.launch(browser, server.origin, { user: 'hill', role: 'Instructor', link });
  examId = examIn(opened.headers.get('location'));
  staff = await staffOf(browser, server);
});

const exam = (path: string, body?: unknown) => server.ask('POST', `/api/v1/exams/${examId}${path}`, body, staff);
const start = (attempt = 1, claims: Record<string, unknown> = {}, role = 'Learner') =>
  platform.launch(new CookieJar(), server.origin, {
    user,
    role,
    link,
    message: platform.startProctoring(attempt, claims),
  });
const end = (attempt = 1, claims: Record<string, unknown> = {}) =>
  platform.launch(new CookieJar(), server.origin, {
    user,
    role: 'Learner',
    link,
    message: platform.endAssessment(attempt, claims),
  });

/** The student's launch, and the session that their page starts. */
const observed = async (attempt = 1) => {
  await exam('/open');
  await exam('/start');
  const launched = await start(attempt);
  const studentId = (
    JSON.parse(
      Buffer.from(linkIn(launched.headers.get('location'))['Authorization']!.split('.')[1]!, 'base64url').toString(),
    ) as { sub: string }
  ).sub;
  const body = { exam_id: examId, member_id: studentId };
  const started = await server.ask('POST', '/api/v1/session/start', body, linkIn(launched.headers.get('location')));
  return { studentId, sessionId: started.json.session_id as string, token: started.json.token as string };
};
const assess = async (token: string, headers: Record<string, string> = { 'Sec-Fetch-Site': 'same-origin' }) => {
  const init = { method: 'POST', body: new URLSearchParams({ token }), headers };
  const answer = await fetch(`${server.origin}/lti/assessment`, init);
  const text = await answer.text();
  return { status: answer.status, text, message: /name="JWT" value="([^"]+)"/.exec(text)?.[1] ?? '' };
};
const statusOf = async (sessionId: string): Promise<string> =>
  (await server.ask('GET', `/api/v1/session/${sessionId}`, undefined, staff)).json.status;

describe('a proctored assessment', () => {
  test('starts once the observation runs, and ends the observation with it', async () => {
    const { sessionId, token } = await observed();
    const { message, text } = await assess(token);
    expect(text).toContain(`action="${platform.issuer}/start-assessment"`);
    const claims = await platform.service.readMessage(message);
    expect(claims).toMatchObject({
      [ltiClaim('message_type')]: 'LtiStartAssessment',
      [ltiClaim('version')]: '1.3.0',
      [ltiClaim('deployment_id')]: 'deployment-1',
      [ltiClaim('resource_link')]: { id: link },
      [proctoringClaim('attempt_number')]: 1,
      [proctoringClaim('session_data')]: 'session-data-1',
      [proctoringClaim('end_assessment_return')]: true,
    });
    // This tool does not verify identities, so it claims none.
    expect(Object.keys(claims)).not.toContain(proctoringClaim('verified_user'));
    expect(await statusOf(sessionId)).toBe('running');

    const ended = await end();
    expect([ended.status, await ended.text()]).toEqual([200, expect.stringContaining('The assessment has ended')]);
    expect(await statusOf(sessionId)).toBe('ended');
    const state = await server.ask('GET', `/api/v1/exams/${examId}`, undefined, staff);
    expect(state.json.students[0].submitted_at).not.toBeNull();
    expect((await end()).status).toBe(200);
    // It ended on the platform, which needs no action.
    expect(platform.service.actions).toEqual([]);
  });

  test('is refused before the observation runs, and after it', async () => {
    await exam('/open');
    const launched = await start();
    const token = linkIn(launched.headers.get('location'))['Authorization']!.replace('Bearer ', '');
    expect((await assess(token)).text).toContain(' not_observed: ');
    await end();
    expect((await assess(token)).text).toContain(' attempt_unknown: ');
    expect(await (await start()).text()).toContain(' attempt_over: ');
    expect((await start(2)).status).toBe(303);
  });

  test('takes the newest data of an attempt that starts again', async () => {
    await start();
    const { token } = await observed();
    await start(1, { [proctoringClaim('session_data')]: 'renewed' });
    const claims = await platform.service.readMessage((await assess(token)).message);
    expect(claims[proctoringClaim('session_data')]).toBe('renewed');
  });

  test('goes on when the end of an earlier attempt arrives late', async () => {
    await start(1);
    const { sessionId } = await observed(2);
    expect((await end(1)).status).toBe(200);
    expect(await statusOf(sessionId)).toBe('running');
  });
});

describe('a proctoring message is refused', () => {
  test.each([
    ['attempt', 'without attempt number', { [proctoringClaim('attempt_number')]: undefined }],
    ['attempt', 'with attempt zero', { [proctoringClaim('attempt_number')]: 0 }],
    ['attempt', 'with a text as attempt number', { [proctoringClaim('attempt_number')]: '1' }],
    ['attempt', 'without session data', { [proctoringClaim('session_data')]: undefined }],
    ['attempt', 'without an address to go on', { [proctoringClaim('start_assessment_url')]: undefined }],
    [
      'attempt',
      'with an address that is no web page',
      { [proctoringClaim('start_assessment_url')]: 'javascript:alert(1)' },
    ],
    ['resource_link', 'without a link', { [ltiClaim('resource_link')]: undefined }],
  ])('%s: %s', async (reason, _what, claims) => {
    const answer = await start(1, claims);
    expect([answer.status, (await answer.text()).includes(` ${reason}: `)]).toEqual([403, true]);
  });

  test('learner: a teacher cannot be proctored', async () => {
    expect(await (await start(1, {}, 'Instructor')).text()).toContain(' learner: ');
  });

  test('exam_over: the exam is over', async () => {
    await start();
    await exam('/cancel');
    expect(await (await start(2)).text()).toContain('This exam is over');
  });

  test.each([
    ['attempt_unknown', 'the end of an attempt that was not started', 7, {}],
    ['session_data', 'the end with other session data', 1, { [proctoringClaim('session_data')]: 'other' }],
    ['attempt', 'the end without attempt number', 1, { [proctoringClaim('attempt_number')]: undefined }],
  ])('%s: %s', async (reason, _what, attempt, claims) => {
    await start();
    const answer = await end(attempt, claims);
    expect([answer.status, (await answer.text()).includes(` ${reason}: `)]).toEqual([403, true]);
  });

  test('browser and learner: the start of an assessment by another site, without a token, and by staff', async () => {
    const { token } = await observed();
    expect((await assess(token, { Origin: 'https://evil.example.org' })).text).toContain(' browser: ');
    expect((await assess(token, { 'Sec-Fetch-Site': 'cross-site' })).text).toContain(' browser: ');
    for (const other of ['', 'x', staff['Authorization']!.replace('Bearer ', '')]) {
      expect((await assess(other)).text).toContain(' learner: ');
    }
    const own = await server.ask('POST', '/api/v1/session/start', { exam_id: examId, member_id: 'x-1' }, staff);
    expect((await assess(own.json.token)).text).toContain(' learner: ');
  });
});

describe('the platform that runs the assessment', () => {
  const guide = (sessionId: string, path: string, body: unknown) =>
    server.ask('POST', `/api/v1/session/${sessionId}/${path}`, body, staff);

  test('gets what proctors do, and the end of the session', async () => {
    await server.ask('PATCH', `/api/v1/exams/${examId}`, { duration_minutes: 60, policy: { breaks: true } }, staff);
    const { sessionId, studentId } = await observed();
    await guide(sessionId, 'break', { action: 'begin' });
    await waitFor(() => expect(platform.service.actions).toHaveLength(1), within);
    await guide(sessionId, 'break', { action: 'end' });
    await waitFor(() => expect(platform.service.actions).toHaveLength(2), within);
    await exam('/extra-time', { minutes: 10, student_ids: [studentId] });
    await waitFor(() => expect(platform.service.actions).toHaveLength(3), within);
    await guide(sessionId, 'messages', { text: 'Please move the lamp.' });
    await guide(sessionId, 'flags', { note: 'A private note.' });
    await waitFor(() => expect(platform.service.actions).toHaveLength(4), within);
    await guide(sessionId, 'end', undefined);
    await waitFor(() => expect(platform.service.actions).toHaveLength(5), within);
    const common = {
      user: { iss: platform.issuer, sub: `user|${user}` },
      resource_link: { id: link },
      attempt_number: 1,
      incident_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      incident_severity: '0.0',
    };
    expect(platform.service.actions).toEqual([
      { ...common, action: 'pause', reason_code: 'break' },
      { ...common, action: 'resume', reason_code: 'break' },
      { ...common, action: 'update', reason_code: 'extra_time', extra_time: 10 },
      { ...common, action: 'flag', reason_code: 'proctor_note' },
      { ...common, action: 'terminate', reason_code: 'ended_by_proctor' },
    ]);
  });

  test('gets the reason of an end: the student, or the end of the exam', async () => {
    const first = await observed();
    await server.ask('POST', `/api/v1/session/${first.sessionId}/end`, undefined, bearer(first.token));
    await waitFor(() => expect(platform.service.actions).toHaveLength(1), within);
    await observed();
    await exam('/complete');
    await waitFor(() => expect(platform.service.actions).toHaveLength(2), within);
    expect(platform.service.actions.map((action) => action['reason_code'])).toEqual(['ended_by_student', 'exam_over']);
  });

  test('gets only the actions that it accepts, and a fresh token when it refuses the known one', async () => {
    await exam('/open');
    const accepts = { actions: ['terminate'], assessment_control_url: `${platform.issuer}/control` };
    const { sessionId } = await observed();
    await start(1, { [proctoringClaim('acs')]: accepts });
    await guide(sessionId, 'flags', { note: 'A note.' });
    platform.service.revokeTokens();
    await guide(sessionId, 'end', undefined);
    await waitFor(() => expect(platform.service.actions).toHaveLength(1), within);
    expect(platform.service.actions[0]).toMatchObject({ action: 'terminate' });
  });

  test('gets nothing at an address that is not its own', async () => {
    const { sessionId } = await observed();
    const port = new URL(platform.issuer).port;
    await start(1, {
      [proctoringClaim('acs')]: { actions: ['terminate'], assessment_control_url: `http://localhost:${port}/control` },
    });
    const before = platform.service.requests.length;
    await guide(sessionId, 'end', undefined);
    await start(2);
    // The launch read the platform's keys at most; nothing was sent to the other address.
    expect(platform.service.requests.slice(before)).not.toContain('/control');
    expect(platform.service.actions).toEqual([]);
  });
});
