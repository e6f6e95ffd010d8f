import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CookieJar } from '@invigil/testkit/network/cookie-jar';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LtiPlatform, ltiClaim } from '@invigil/testkit/services/lti/lti-platform';
import type { LaunchChanges } from '@invigil/testkit/services/lti/lti-platform';
import { ltiCommand } from '../src/commands/lti-command.ts';
import { runCommandIn } from './commands/run.ts';
import { examIn, linkIn, staffOf, startLtiServer } from './lti-server.ts';
import type { LtiServer } from './lti-server.ts';

let server: TestServer;
let platform: LtiPlatform;
let environment: Record<string, string>;
let register: LtiServer['register'];
let browser: CookieJar;
/** Added to the server's clock. */
let aheadMs = 0;

beforeAll(async () => {
  ({ server, environment, register } = await startLtiServer(() => Date.now() + aheadMs));
  platform = await new LtiPlatform().start();
  await register(platform, platform.deploymentId, 'deployment-2');
});
afterAll(async () => {
  platform.stop();
  await server.close();
  await removeFolders();
});
beforeEach(() => {
  browser = new CookieJar();
  aheadMs = 0;
});

const teacher = { user: 'hill', role: 'Instructor' };
const student = { user: 'ada', role: 'Learner' };

describe('a launch', () => {
  test('with a null character in its login request is refused, not an outage', async () => {
    const answer = await fetch(`${server.origin}/lti/login?iss=%00&login_hint=x&target_link_uri=y`);
    expect(answer.status).toBe(403);
  });

  test('takes a teacher to the wall of the link’s exam, and a student into the exam', async () => {
    const asTeacher = await platform.launch(browser, server.origin, teacher);
    expect(asTeacher.status).toBe(303);
    expect(asTeacher.headers.get('location')).toMatch(/^\/proctor\/\?exam=/);
    const examId = examIn(asTeacher.headers.get('location'));
    const token = await staffOf(browser, server);
    expect((await server.ask('POST', `/api/v1/exams/${examId}/open`, undefined, token)).json.title).toBe('Final exam');

    const asStudent = await platform.launch(new CookieJar(), server.origin, student);
    const location = new URL(asStudent.headers.get('location') ?? '', server.origin);
    expect([asStudent.status, examIn(location.href)]).toEqual([303, examId]);
    const link = linkIn(location.hash);
    expect((await server.ask('GET', `/api/v1/exams/${examId}/notice`, undefined, link)).status).toBe(200);
    const { json } = await server.ask('GET', `/api/v1/exams/${examId}`, undefined, token);
    expect(json.students.map((each: { student_name: string }) => each.student_name)).toEqual(['Name of ada']);
  });

  test('again leads the student to the same place, and a second teacher to the same exam', async () => {
    const first = await platform.launch(browser, server.origin, student);
    const again = await platform.launch(browser, server.origin, student);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    const other = await platform.launch(browser, server.origin, { user: 'grace', role: 'Instructor' });
    const examId = examIn(other.headers.get('location'));
    expect(examId).toBe(examIn(first.headers.get('location')));
    const answer = await server.ask('GET', `/api/v1/exams/${examId}`, undefined, await staffOf(browser, server));
    expect(answer.status).toBe(200);
  });

  test('again after the exam was deleted leads the teacher to a new one', async () => {
    const link = { ...teacher, link: 'link-9' };
    const first = examIn((await platform.launch(browser, server.origin, link)).headers.get('location'));
    const token = await staffOf(browser, server);
    expect((await server.ask('DELETE', `/api/v1/exams/${first}`, undefined, token)).status).toBe(204);
    const second = examIn((await platform.launch(browser, server.origin, link)).headers.get('location'));
    expect((await server.ask('GET', `/api/v1/exams/${second}`, undefined, token)).status).toBe(200);
  });

  test('from another deployment with the same link id is another exam', async () => {
    const here = await platform.launch(browser, server.origin, teacher);
    const there = await platform.launch(browser, server.origin, teacher, {
      claims: (claims) => (claims[ltiClaim('deployment_id')] = 'deployment-2'),
    });
    expect(examIn(there.headers.get('location'))).not.toBe(examIn(here.headers.get('location')));
  });

  test('works with a key that the platform has just published', async () => {
    await platform.launch(browser, server.origin, teacher);
    await platform.rotateKey();
    expect((await platform.launch(browser, server.origin, teacher)).status).toBe(303);
  });

  test('comes from one of several platforms, whose users differ even with the same ids', async () => {
    const other = await new LtiPlatform().start();
    await register(other, other.deploymentId);
    const userOf = ({ Authorization: token = '' }) =>
      JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).sub;
    const here = await platform.launch(browser, server.origin, teacher);
    const userHere = userOf(await staffOf(browser, server));
    const there = await other.launch(browser, server.origin, teacher);
    other.stop();
    expect(examIn(there.headers.get('location'))).not.toBe(examIn(here.headers.get('location')));
    expect(userOf(await staffOf(browser, server))).not.toBe(userHere);
  });

  test('inside a frame offers a window of its own, which other sites may frame', async () => {
    const parameters = platform.loginParameters(server.origin, 'ada');
    parameters.set('lti_message_hint', '"><script>');
    const framed = await browser.fetch(`${server.origin}/lti/login?${parameters.toString()}`, {
      headers: { 'Sec-Fetch-Dest': 'iframe' },
    });
    const page = await framed.text();
    expect(framed.headers.get('content-security-policy')).toContain('frame-ancestors *');
    expect(framed.headers.get('x-frame-options')).toBeNull();
    expect(page).not.toContain('<script>');
    const href = /href="([^"]+)" target="_blank"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const opened = await browser.fetch(server.origin + href);
    expect(opened.headers.get('location')).toContain(platform.loginUrl);
  });
});

type Bad = [reason: string, what: string, changes: LaunchChanges | (() => LaunchChanges)];

const claims = (name: string, value: unknown): LaunchChanges => ({
  claims: (all) => {
    if (value === undefined) delete all[name];
    else all[name] = value;
  },
});
const secondsFromNow = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
const login = (name: string, value: string | null): LaunchChanges => ({
  login: (parameters) => (value === null ? parameters.delete(name) : parameters.set(name, value)),
});

const bad: Bad[] = [
  ['platform', 'an unknown issuer', login('iss', 'https://unknown.example.org')],
  ['platform', 'another client id', login('client_id', 'client-2')],
  ['login_hint', 'no login hint', login('login_hint', null)],
  ['target_link', 'a login for another site', login('target_link_uri', 'https://evil.example.org/lti/launch')],
  [
    'target_link',
    'a launch of another link than the login',
    claims(ltiClaim('target_link_uri'), 'https://evil.example.org'),
  ],
  ['platform_error', 'an error of the platform', { form: (form) => form.set('error', 'login_required') }],
  ['state', 'no state', { form: (form) => form.delete('state') }],
  ['browser', 'another state', { form: (form) => form.set('state', 'other') }],
  ['browser', 'another browser', () => ({ browser: new CookieJar() })],
  ['state', 'a state of eleven minutes ago', { between: () => (aheadMs = 11 * 60_000) }],
  ['token', 'no token', { form: (form) => form.delete('id_token') }],
  ['token', 'a token that is none', { form: (form) => form.set('id_token', 'a.b.c') }],
  ['alg', 'alg none', { header: { alg: 'none' } }],
  ['alg', 'HS256 with the public key', { header: { alg: 'HS256' } }],
  ['alg', 'ES256', { header: { alg: 'ES256' } }],
  ['key', 'an unknown key', { header: { kid: 'other' } }],
  ['signature', 'a forged signature', { forgedKey: true }],
  ['issuer', 'another issuer', claims('iss', 'https://other.example.org')],
  ['audience', 'another audience', claims('aud', 'client-2')],
  ['azp', 'several audiences without azp', claims('aud', ['client-1', 'client-2'])],
  ['azp', 'another authorised party', claims('azp', 'client-2')],
  ['expired', 'an expired token', () => claims('exp', secondsFromNow(-60))],
  ['expired', 'no expiry', claims('exp', undefined)],
  ['issued_at', 'a token of an hour ago', () => claims('iat', secondsFromNow(-3600))],
  ['issued_at', 'a token of the future', () => claims('iat', secondsFromNow(3600))],
  ['nonce', 'another nonce', claims('nonce', 'other')],
  ['nonce', 'no nonce', claims('nonce', undefined)],
  ['version', 'LTI 1.1', claims(ltiClaim('version'), 'LTI-1p0')],
  ['message_type', 'another message', claims(ltiClaim('message_type'), 'LtiSubmissionReviewRequest')],
  ['deployment', 'an unknown deployment', claims(ltiClaim('deployment_id'), 'deployment-9')],
  ['deployment', 'no deployment', claims(ltiClaim('deployment_id'), undefined)],
  ['resource_link', 'no link', claims(ltiClaim('resource_link'), undefined)],
  ['user', 'no user', claims('sub', undefined)],
  [
    'role',
    'no role in the course',
    claims(ltiClaim('roles'), ['http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor']),
  ],
  ['role', 'no roles', claims(ltiClaim('roles'), undefined)],
];

describe('a launch is refused', () => {
  test.each(bad)('%s: %s', async (reason, _what, changes) => {
    const answer = await platform.launch(
      browser,
      server.origin,
      teacher,
      typeof changes === 'function' ? changes() : changes,
    );
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain(` ${reason}: `);
    expect(
      (await browser.fetch(`${server.origin}/auth/token`, { method: 'POST', headers: { 'X-Invigil-Page': '1' } }))
        .status,
    ).toBe(401);
  });

  test('state: brought a second time', async () => {
    let form = new URLSearchParams();
    const first = await platform.launch(browser, server.origin, teacher, {
      form: (sent) => (form = new URLSearchParams(sent)),
    });
    expect(first.status).toBe(303);
    const state = form.get('state') ?? '';
    const headers = { Cookie: `invigil-launch-${state.slice(0, 8)}=${state}` };
    const again = await fetch(`${server.origin}/lti/launch`, {
      method: 'POST',
      body: form,
      headers,
      redirect: 'manual',
    });
    expect(await again.text()).toContain(' state: ');
  });

  test('a student, before a teacher has opened the link, and after the exam', async () => {
    const link = { ...student, link: 'link-2' };
    expect(await (await platform.launch(browser, server.origin, link)).text()).toContain('Your teacher has to open');
    const opened = await platform.launch(browser, server.origin, { ...teacher, link: 'link-2' });
    const path = `/api/v1/exams/${examIn(opened.headers.get('location'))}/cancel`;
    await server.ask('POST', path, undefined, await staffOf(browser, server));
    expect(await (await platform.launch(browser, server.origin, link)).text()).toContain('This exam is over');
  });
});

describe('invigil lti', () => {
  test('lists platforms, and adds deployments to a known one', async () => {
    await register(platform, 'deployment-3');
    const { printed } = await runCommandIn(ltiCommand, environment, 'list');
    const [first] = JSON.parse(printed);
    expect(first).toMatchObject({ issuer: platform.issuer, clientId: 'client-1' });
    expect(first.deployments.toSorted()).toEqual(['deployment-1', 'deployment-2', 'deployment-3']);
  });

  test.each([[[]], [['remove']], [['add']], [['add', '--issuer', 'moodle']], [['list', '--all']]])(
    'refuses %j',
    async (args) => {
      await expect(runCommandIn(ltiCommand, environment, ...args)).rejects.toThrow(ltiCommand.usage);
    },
  );
});
