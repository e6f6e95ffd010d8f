import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CookieJar } from '@invigil/testkit/network/cookie-jar';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LtiPlatform, deepLinkingClaim, ltiClaim } from '@invigil/testkit/services/lti/lti-platform';
import type { LaunchChanges } from '@invigil/testkit/services/lti/lti-platform';
import { examIn, linkIn, staffOf, startLtiServer } from './lti-server.ts';

let server: TestServer;
let platform: LtiPlatform;
let browser: CookieJar;
let aheadMs = 0;

beforeAll(async () => {
  const started = await startLtiServer(() => Date.now() + aheadMs);
  ({ server } = started);
  platform = await new LtiPlatform().start();
  await started.register(platform, platform.deploymentId, 'deployment-2');
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

/** A teacher begins to choose. @returns the page's hidden field and its text */
const begin = async (user = 'hill', settings: Record<string, unknown> = {}, changes: LaunchChanges = {}) => {
  const message = platform.deepLinkingRequest(settings);
  const answer = await platform.launch(browser, server.origin, { user, role: 'Instructor', message }, changes);
  const text = await answer.text();
  return { answer, text, request: /name="request" value="([^"]+)"/.exec(text)?.[1] ?? '' };
};
const choose = async (fields: Record<string, string>) => {
  const answer = await browser.fetch(`${server.origin}/lti/deep-linking`, {
    method: 'POST',
    body: new URLSearchParams({ action: 'add', exam: '', title: '', minutes: '', ...fields }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    csp: answer.headers.get('content-security-policy') ?? '',
    token: /name="JWT" value="([^"]+)"/.exec(text)?.[1] ?? '',
  };
};
const itemsIn = async (token: string) =>
  (await platform.service.readMessage(token))[deepLinkingClaim('content_items')] as {
    title: string;
    custom: { invigil_item: string };
  }[];
const launchItem = (item: string, link: string, role = 'Learner', context = 'course-9', deployment = 'deployment-1') =>
  platform.launch(browser, server.origin, {
    user: role === 'Learner' ? 'ada' : 'hill',
    role,
    link,
    message: {
      [ltiClaim('custom')]: { invigil_item: item },
      [ltiClaim('context')]: { id: context },
      [ltiClaim('deployment_id')]: deployment,
    },
  });

describe('a teacher who adds a link to a course', () => {
  test('creates an exam, and the platform gets a signed message with the link', async () => {
    const { answer, text, request } = await begin();
    expect(answer.status).toBe(200);
    expect(text).toContain('value="Midterm"');
    expect(answer.headers.get('content-security-policy')).toContain(`frame-ancestors ${platform.issuer}`);
    const { token, text: page, csp } = await choose({ request, title: 'Midterm <1>', minutes: '45' });
    expect(page).toContain(`action="${platform.issuer}/deep-link-return"`);
    expect(csp).toContain('form-action http:');
    const message = await platform.service.readMessage(token);
    expect(message).toMatchObject({
      [ltiClaim('message_type')]: 'LtiDeepLinkingResponse',
      [ltiClaim('version')]: '1.3.0',
      [ltiClaim('deployment_id')]: 'deployment-1',
      [deepLinkingClaim('data')]: 'csrf:of-the-platform',
    });
    const [item] = await itemsIn(token);
    expect(item).toEqual({
      type: 'ltiResourceLink',
      title: 'Midterm <1>',
      url: `${server.origin}/lti/launch`,
      custom: { invigil_item: expect.any(String) },
      window: { targetName: '_blank' },
    });

    // The students' first launch leads there, before the teacher has opened the link.
    const location = (await launchItem(item!.custom.invigil_item, 'link-new')).headers.get('location');
    const notice = await server.ask('GET', `/api/v1/exams/${examIn(location)}/notice`, undefined, linkIn(location));
    expect(notice.json).toMatchObject({ title: 'Midterm <1>', duration_minutes: 45 });
  });

  test('chooses among their own exams that are not over', async () => {
    const opened = await platform.launch(browser, server.origin, { ...teacher, link: 'link-own' });
    const examId = examIn(opened.headers.get('location'));
    const other = await platform.launch(new CookieJar(), server.origin, {
      user: 'grace',
      role: 'Instructor',
      link: 'x',
    });
    const { text, request } = await begin();
    expect(text).toContain(`value="${examId}"`);
    expect(text).not.toContain(examIn(other.headers.get('location')));
    const { token } = await choose({ request, exam: examId });
    const [item] = await itemsIn(token);
    const launched = await launchItem(item!.custom.invigil_item, 'link-chosen', 'Instructor');
    expect(examIn(launched.headers.get('location'))).toBe(examId);
    await server.ask('POST', `/api/v1/exams/${examId}/cancel`, undefined, await staffOf(browser, server));
    expect((await begin()).text).not.toContain(`value="${examId}"`);
  });

  test('cancels, and the platform gets a message without a link', async () => {
    const { request } = await begin('hill', { data: undefined });
    const { token } = await choose({ request, action: 'cancel' });
    expect(await itemsIn(token)).toEqual([]);
    expect(Object.keys(await platform.service.readMessage(token))).not.toContain(deepLinkingClaim('data'));
  });
});

describe('a link that was chosen', () => {
  test.each([
    ['another course', 'course-8', 'deployment-1'],
    ['another deployment', 'course-9', 'deployment-2'],
  ])('does not lead to its exam from %s', async (_what, context, deployment) => {
    const { request } = await begin();
    const [item] = await itemsIn((await choose({ request, title: 'Final' })).token);
    const answer = await launchItem(
      item!.custom.invigil_item,
      `link-${context}-${deployment}`,
      'Learner',
      context,
      deployment,
    );
    expect(await answer.text()).toContain('Your teacher has to open');
  });
});

describe('a request to choose an exam is refused', () => {
  test.each([
    ['deep_linking', 'without settings', { [deepLinkingClaim('deep_linking_settings')]: undefined }],
    ['deep_linking', 'with a return address that is no web page', 'javascript:alert(1)'],
    ['accept_types', 'for files only', ['file']],
  ])('%s: %s', async (reason, _what, change) => {
    const settings = Array.isArray(change)
      ? { accept_types: change }
      : typeof change === 'string'
        ? { deep_link_return_url: change }
        : {};
    const claims = (all: Record<string, unknown>) =>
      Object.assign(all, typeof change === 'object' && !Array.isArray(change) ? change : {});
    const { answer, text } = await begin('hill', settings, { claims });
    expect([answer.status, text.includes(` ${reason}: `)]).toEqual([403, true]);
  });

  test('role: by a student', async () => {
    const message = platform.deepLinkingRequest();
    const answer = await platform.launch(browser, server.origin, { user: 'ada', role: 'Learner', message });
    expect(await answer.text()).toContain(' role: ');
  });

  test('choice: answered twice, too late, with an unknown request, another teacher’s exam, or an impossible duration', async () => {
    const refused = async (fields: Record<string, string>): Promise<void> => {
      const { status, text } = await choose(fields);
      expect([status, text.includes(' choice: ')]).toEqual([403, true]);
    };
    const { request } = await begin();
    await choose({ request, action: 'cancel' });
    await refused({ request });
    await refused({ request: 'other' });
    await refused({});
    const other = await platform.launch(new CookieJar(), server.origin, {
      user: 'grace',
      role: 'Instructor',
      link: 'y',
    });
    await refused({ request: (await begin()).request, exam: examIn(other.headers.get('location')) });
    for (const minutes of ['0', '1441', '1.5', 'x']) await refused({ request: (await begin()).request, minutes });
    const late = (await begin()).request;
    aheadMs = 61 * 60_000;
    await refused({ request: late });
  });
});

describe('in a frame of a browser that blocks cookies', () => {
  const framed = { 'Sec-Fetch-Dest': 'iframe' };
  const beginFramed = async () => {
    const parameters = platform.loginParameters(server.origin, 'hill');
    parameters.set('lti_storage_target', 'post_message_forwarding');
    const login = await fetch(`${server.origin}/lti/login?${parameters.toString()}`, { headers: framed });
    const page = await login.text();
    const { value, url, ...place } = JSON.parse(/const config = (\{.*?\});/.exec(page)?.[1] ?? '{}');
    expect(place).toMatchObject({ target: 'post_message_forwarding', origin: platform.issuer });
    expect(login.headers.get('set-cookie')).toBeNull();
    const state = new URL(url).searchParams.get('state') ?? '';
    const nonce = new URL(url).searchParams.get('nonce') ?? '';
    return { proof: value as string, state, idToken: await platform.idToken(server.origin, nonce, teacher) };
  };
  const bring = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${server.origin}/lti/launch`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
      headers,
    });

  test('the proof is in the platform’s page, and the server’s own page brings it', async () => {
    const { proof, state, idToken } = await beginFramed();
    const reading = await bring({ state, id_token: idToken, lti_storage_target: '_parent' });
    const page = await reading.text();
    expect(reading.status).toBe(200);
    expect(page).toContain('lti.get_data');
    expect(page).toContain('target="_blank"');
    expect(page).not.toContain(proof);
    const launched = await bring({ state, id_token: idToken, proof }, { Origin: server.origin });
    expect([launched.status, launched.headers.get('location')]).toEqual([303, expect.stringContaining('/proctor/')]);
  });

  test.each([
    ['a wrong proof', { proof: 'other' }, {}],
    ['another site’s page', {}, { Origin: 'https://evil.example.org' }],
    ['a page that hides its origin', {}, { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' }],
  ])('%s is refused', async (_what, fields, headers) => {
    const { proof, state, idToken } = await beginFramed();
    const answer = await bring({ state, id_token: idToken, proof, ...fields }, { Origin: server.origin, ...headers });
    expect([answer.status, (await answer.text()).includes(' browser: ')]).toEqual([403, true]);
  });

  test('the proof of another launch is refused', async () => {
    const [first, second] = [await beginFramed(), await beginFramed()];
    const fields = { state: second.state, id_token: second.idToken, proof: first.proof };
    expect(await (await bring(fields, { Origin: server.origin })).text()).toContain(' browser: ');
  });
});
