import { once } from 'node:events';
import { connect } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CookieJar } from '@invigil/testkit/network/cookie-jar';
import { clockOf, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import type { ChildService } from '@invigil/testkit/services/child-service';
import { freePort } from '@invigil/testkit/services/free-port';
import { startOpenidProvider } from '@invigil/testkit/services/openid-provider/openid-provider';
import { bearer } from '@invigil/testkit/tokens/tokens';
import { LiveClient, socketOf } from './live-client.ts';

const roles = { hill: ['staff', 'lecturers'], root: ['it'], ada: ['students'], 'a|b': ['lecturers'] };

let server: TestServer;
let provider: ChildService & { url: string };
let jar: CookieJar;
/** Added to the server's clock. */
let aheadMs = 0;

beforeAll(async () => {
  const [port, providerPort] = [await freePort(), await freePort()];
  const clientUrl = `http://127.0.0.1:${port}`;
  const client = { clientId: 'invigil', clientSecret: 'a secret of the client' };
  provider = await startOpenidProvider({ ...client, port: providerPort, clientUrl, roles, areRolesInIdToken: false });
  server = await startServer(
    {
      AUTH: 'oidc',
      PORT: String(port),
      PUBLIC_URL: clientUrl,
      OIDC_ISSUER: provider.url,
      OIDC_CLIENT_ID: client.clientId,
      OIDC_CLIENT_SECRET: client.clientSecret,
      OIDC_TEACHER_ROLES: 'lecturers, examiners',
      OIDC_ADMIN_ROLES: 'it',
      ALLOWED_ORIGINS: 'https://exam.example.org',
    },
    {},
    undefined,
    clockOf(() => Date.now() + aheadMs),
  );
});
afterAll(async () => {
  await server.close();
  await provider.stop();
  await removeFolders();
});
beforeEach(() => {
  jar = new CookieJar();
  aheadMs = 0;
});

const signIn = async (user: string, path = '/proctor/?exam=physics') => {
  const form = await jar.open(server.origin + path);
  expect(form.url).toContain(`${provider.url}/interaction/`);
  const consent = await jar.submit(form, { prompt: 'login', login: user, password: 'any' });
  return await jar.submit(consent, { prompt: 'consent' });
};
const post = (path: string, headers: Record<string, string> = { 'X-Invigil-Page': '1' }) =>
  jar.fetch(server.origin + path, { method: 'POST', headers });
const token = async (): Promise<string> => ((await (await post('/auth/token')).json()) as { token: string }).token;

describe('staff who sign in', () => {
  test('come back to the page that they opened, and may do what their role allows', async () => {
    const { url } = await signIn('hill');
    expect(url).toBe(`${server.origin}/proctor/?exam=physics`);
    const answer = await post('/auth/token');
    expect(await answer.json()).toMatchObject({ user_id: 'hill', role: 'TEACHER' });
    const teacher = bearer(await token());
    expect((await server.ask('GET', '/api/v1/exams', undefined, teacher)).status).toBe(200);
    expect((await server.ask('GET', '/ws/connections', undefined, teacher)).status).toBe(403);
  });

  test('are administrators by another role', async () => {
    await signIn('root');
    expect((await server.ask('GET', '/ws/connections', undefined, bearer(await token()))).status).toBe(200);
  });

  test.each([
    ['ada', 'Your account has no access here'],
    ['a|b', 'Your account cannot be used here'],
  ])('without a usable role or id get a page that says so: %s', async (user, title) => {
    const { text, response } = await signIn(user);
    expect(response.status).toBe(403);
    expect(text).toContain(`<h1>${title}</h1>`);
    expect((await post('/auth/token')).status).toBe(401);
  });

  test('have a cookie that scripts cannot read and other sites cannot send', async () => {
    const pages: string[] = [];
    const original = jar.fetch.bind(jar);
    jar.fetch = async (url, init) => {
      const response = await original(url, init);
      if (url.startsWith(server.origin)) pages.push(...response.headers.getSetCookie());
      return response;
    };
    await signIn('hill');
    const session = pages.find((line) => line.startsWith('invigil-session='));
    expect(session).toMatch(/; HttpOnly; SameSite=Lax$/);
    expect(session).toMatch(/; Path=\/;/);
  });
});

describe('requests with the cookie', () => {
  test.each([
    ['without the header of our pages', {}],
    ['of another site', { 'X-Invigil-Page': '1', Origin: 'https://evil.example.org' }],
    ['of an exam page that may use the API', { 'X-Invigil-Page': '1', Origin: 'https://exam.example.org' }],
  ])('%s are refused', async (_what, headers) => {
    await signIn('hill');
    for (const path of ['/auth/token', '/auth/sign-out']) expect((await post(path, headers)).status).toBe(403);
    expect((await post('/auth/token')).status).toBe(200);
  });

  test('to the API are not authenticated by it: pages send the access token', async () => {
    await signIn('hill');
    expect((await jar.fetch(`${server.origin}/api/v1/exams`)).status).toBe(401);
  });

  test('without anybody signed in get 401, and staff pages lead to the provider', async () => {
    expect((await post('/auth/token')).status).toBe(401);
    for (const path of ['/proctor/', '/review/?exam=x', '/report/?session=s&as=staff']) {
      const answer = await jar.fetch(server.origin + path);
      // The `#` keeps the browser from taking a token in the page's fragment along.
      expect(answer.headers.get('location')).toBe(`/auth/sign-in?return_to=${encodeURIComponent(path)}#`);
    }
    expect((await jar.fetch(`${server.origin}/report/?session=s`)).status).not.toBe(302);
  });
});

test('requests without an account count against the limits of their address', async () => {
  for (const path of ['/auth/sign-in', '/lti/login']) {
    const answer = await fetch(`${server.origin}${path}?return_to=${'x'.repeat(5000)}`, { redirect: 'manual' });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, 'INVALID_MESSAGE']);
  }
});

test('unfinished forms of one address are bounded, and others are read', async () => {
  const { hostname, port } = new URL(server.origin);
  const head = `POST /auth/back-channel-logout HTTP/1.1\r\nHost: ${hostname}\r\nContent-Length: 15000\r\n`;
  const form = `${head}Content-Type: application/x-www-form-urlencoded\r\n\r\n${'x'.repeat(14_000)}`;
  const sockets = Array.from({ length: 200 }, () => connect({ port: Number(port), host: hostname }));
  const firstCut = Promise.race(sockets.map((socket) => once(socket, 'close')));
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.write(form);
  }
  await firstCut;
  for (const socket of sockets) socket.destroy();
  const body = new URLSearchParams({ logout_token: 'x' });
  const read = async () => (await fetch(`${server.origin}/auth/back-channel-logout`, { method: 'POST', body })).status;
  await expect.poll(read, { timeout: 10_000 }).toBe(400);
  expect(await (await fetch(`${server.origin}/metrics`)).text()).toMatch(
    /budget_refused_total{limit="formBytes"} [1-9]/,
  );
});

describe('a callback is refused', () => {
  const callback = async (change: (url: URL) => unknown): Promise<number> => {
    jar = new CookieJar();
    const form = await jar.open(`${server.origin}/auth/sign-in`);
    const consent = await jar.submit(form, { prompt: 'login', login: 'hill', password: 'any' });
    // Stop before our own callback.
    let at = consent.url;
    let response = await jar.fetch(new URL(/action="([^"]+)"/.exec(consent.text)?.[1] ?? '', at).href, {
      method: 'POST',
      body: new URLSearchParams({ prompt: 'consent' }),
    });
    while (!at.includes('/auth/callback')) {
      at = new URL(response.headers.get('location') ?? '', at).href;
      if (!at.includes('/auth/callback')) response = await jar.fetch(at);
    }
    const changed = new URL(at);
    await change(changed);
    return (await jar.fetch(changed.href)).status;
  };

  test('with another state, code or issuer, or a provider’s error; accepted unchanged', async () => {
    expect(await callback((url) => url.searchParams.set('state', 'other'))).toBe(403);
    expect(await callback((url) => url.searchParams.set('code', 'other'))).toBe(403);
    expect(await callback((url) => url.searchParams.set('iss', 'https://evil.example.org'))).toBe(403);
    expect(await callback((url) => (url.search = '?error=access_denied'))).toBe(403);
    expect(await callback(() => undefined)).toBe(302);
    // Another tab signs in at the same time.
    expect(await callback(() => jar.fetch(`${server.origin}/auth/sign-in`))).toBe(302);
  });

  test('in a browser that did not begin the sign-in, and after ten minutes', async () => {
    expect(await callback(() => (jar = new CookieJar()))).toBe(403);
    expect(await callback(() => (aheadMs = 11 * 60_000))).toBe(403);
  });
});

describe('the end of a sign-in', () => {
  const watching = async (): Promise<LiveClient> => {
    const client = await LiveClient.open(`${socketOf(server)}/ws/proctor`);
    client.send({ type: 'proctor.register', payload: { auth: await token() } });
    await client.next('server.update-sentinels');
    return client;
  };

  test('by signing out: closes the wall, refuses the token, and signs out of the provider', async () => {
    await signIn('hill');
    const [used, wall] = [await token(), await watching()];
    const answer = await post('/auth/sign-out');
    const { continue_at: next } = (await answer.json()) as { continue_at: string };
    expect(next).toMatch(new RegExp(`^${provider.url}/session/end\\?`));
    expect(await wall.closed).toBe(4004);
    expect((await server.ask('GET', '/api/v1/exams', undefined, bearer(used))).status).toBe(401);
    expect((await post('/auth/token')).status).toBe(401);
    const ended = await jar.submit(await jar.open(next), { logout: 'yes' });
    expect(ended.url).toBe(`${server.origin}/`);
  });

  test('by the provider (back-channel logout) while the wall is open', async () => {
    await signIn('hill');
    const [used, wall] = [await token(), await watching()];
    // Another application of the university signs the user out.
    await jar.submit(await jar.open(`${provider.url}/session/end`), { logout: 'yes' });
    expect(await wall.closed).toBe(4004);
    expect((await server.ask('GET', '/api/v1/exams', undefined, bearer(used))).status).toBe(401);
  });

  test('by its lifetime', async () => {
    await signIn('hill');
    const used = await token();
    aheadMs = 8 * 3600_000 + 60_000;
    expect((await server.ask('GET', '/api/v1/exams', undefined, bearer(used))).status).toBe(401);
    expect((await post('/auth/token')).status).toBe(401);
  });

  test('is not caused by a forged logout token', async () => {
    await signIn('hill');
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const claims = { events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, sub: 'hill', jti: 'x' };
    const forged = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: (await exportJWK(publicKey)).kid ?? 'none' })
      .setIssuer(provider.url)
      .setAudience('invigil')
      .setIssuedAt()
      .sign(privateKey);
    for (const body of [`logout_token=${forged}`, 'logout_token=', '', 'logout_token=a.b.c']) {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      const url = `${server.origin}/auth/back-channel-logout`;
      expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(400);
    }
    expect((await post('/auth/token')).status).toBe(200);
  });
});
