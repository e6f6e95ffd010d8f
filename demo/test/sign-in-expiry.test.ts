import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { repositoryFolder } from '@invigil/testkit/repository';
import { clockOf, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import type { ChildService } from '@invigil/testkit/services/child-service';
import { freePort } from '@invigil/testkit/services/free-port';
import { startOpenidProvider } from '@invigil/testkit/services/openid-provider/openid-provider';
import { simulateStudents } from '@invigil/testkit/simulated-students';
import { bearer } from '@invigil/testkit/tokens/tokens';

const lifetimeMs = 60_000;
/** Of the sign-in, while the clock stands still. The server closes a connection after that time, and the page connects again. */
const leftMs = 5000;

let provider: ChildService & { url: string };
let server: TestServer;
let browser: Browser;
let page: Page;
let students: Awaited<ReturnType<typeof simulateStudents>> | undefined;
/** The server's clock: ahead of this machine's, or standing still. */
let aheadMs = 0;
let stoppedAtMs: number | null = null;
const now = (): number => stoppedAtMs ?? Date.now() + aheadMs;

beforeAll(async () => {
  const [port, providerPort] = [await freePort(), await freePort()];
  const clientUrl = `http://127.0.0.1:${port}`;
  const client = { clientId: 'invigil', clientSecret: 'a secret of the client' };
  const roles = { grace: ['teacher'] };
  provider = await startOpenidProvider({ ...client, port: providerPort, clientUrl, roles, areRolesInIdToken: false });
  const environment = {
    AUTH: 'oidc',
    PORT: String(port),
    PUBLIC_URL: clientUrl,
    OIDC_ISSUER: provider.url,
    OIDC_CLIENT_ID: client.clientId,
    OIDC_CLIENT_SECRET: client.clientSecret,
    OIDC_TEACHER_ROLES: 'teacher',
    STAFF_SESSION_SECONDS: String(lifetimeMs / 1000),
    DEMO_DIR: join(repositoryFolder, 'demo/dist/site'),
  };
  server = await startServer(environment, {}, undefined, clockOf(now));
  browser = await chromium.launch(launchOptions());
  page = await (await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })).newPage();
});
afterAll(async () => {
  students?.stop();
  await browser?.close();
  await server?.close();
  await provider?.stop();
  await removeFolders();
});

test('when a sign-in ends, the open wall says so, shows nobody as live, and is back after signing in again', async () => {
  await page.goto(`${server.origin}/proctor/`);
  await page.locator('input[name=login]').fill('grace');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  const signedInMs = now();
  await page.locator('button[type=submit]').click();
  await page.getByLabel('Title').first().fill('Chemistry');
  await page.getByRole('textbox', { name: 'Students' }).fill('a-1, Ada Lovelace');
  await page.getByRole('button', { name: 'Create exam' }).click();
  await page.waitForURL(/\/proctor\/\?exam=/);
  const wall = page.url();
  const token = await page.evaluate(async () => {
    const answer = await fetch('/auth/token', { method: 'POST', headers: { 'X-Invigil-Page': '1' } });
    return ((await answer.json()) as { token: string }).token;
  });
  const examId = new URL(wall).searchParams.get('exam') ?? '';
  for (const step of ['open', 'start']) {
    expect((await server.ask('POST', `/api/v1/exams/${examId}/${step}`, undefined, bearer(token))).status).toBe(200);
  }
  stoppedAtMs = signedInMs + lifetimeMs - leftMs;
  students = await simulateStudents({
    serverUrl: server.origin,
    examId,
    memberIds: ['a-1'],
    headers: bearer(token),
    now,
  });
  await page.reload();
  await page.locator('.tile[data-delivery=live]').waitFor();

  aheadMs = stoppedAtMs + 2 * lifetimeMs - Date.now();
  stoppedAtMs = null;
  await page.getByText('You are not signed in, or your sign-in has ended. Nothing on this page is live').waitFor();
  // Each of the three connections ends at its own time.
  await page.locator('.tile[data-delivery=stale]').waitFor();
  await page
    .getByTestId('status-strip')
    .getByText(/last update \d/)
    .waitFor();

  // The provider still knows who it is, and asks for nothing.
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.waitForURL(wall);
  await page.getByRole('heading', { name: 'Chemistry' }).waitFor();
  await page.locator('.tile[data-delivery=live]').waitFor();
  expect(await page.getByTestId('links').innerText()).toBe('');
});
