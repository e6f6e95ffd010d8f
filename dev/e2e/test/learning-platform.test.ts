import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchOptions, fakeCameraArguments } from '@invigil/testkit/browser/chromium';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { serverProgram, weightsFolder, repositoryFolder } from '@invigil/testkit/repository';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ChildService } from '@invigil/testkit/services/child-service';
import { freePort } from '@invigil/testkit/services/free-port';
import { LtiPlatform, deepLinkingClaim, ltiClaim, proctoringClaim } from '@invigil/testkit/services/lti/lti-platform';
import { startOpenidProvider } from '@invigil/testkit/services/openid-provider/openid-provider';
import { jwtSecret } from '@invigil/testkit/tokens/tokens';

/** On request (`npm run test:long`): it starts five programs, and takes a minute on a busy machine. */
const isAsked = process.env['LONG_TESTS'] === '1';
/** The image analysis loads, on a busy machine. */
const slowlyMs = 90_000;

let folder: string;
let environment: Record<string, string>;
let server: Awaited<ReturnType<typeof startServer>>;
let provider: ChildService & { url: string };
let platform: LtiPlatform;
let browser: Browser;
let teacher: Page;
let student: Page;
let item = '';
const pageErrors: string[] = [];

const openPage = async (): Promise<Page> => {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  context.on('weberror', (problem) => pageErrors.push(problem.error().message));
  return context.newPage();
};

beforeAll(async () => {
  if (!isAsked) return;
  folder = await mkdtemp(join(tmpdir(), 'invigil-learning-platform-'));
  const [port, providerPort] = [await freePort(), await freePort()];
  const clientUrl = `http://127.0.0.1:${port}`;
  provider = await startOpenidProvider({
    port: providerPort,
    clientId: 'invigil',
    clientSecret: 'a secret of the client',
    clientUrl,
    roles: { grace: ['teacher'] },
    areRolesInIdToken: false,
  });
  environment = {
    AUTH: 'oidc',
    LTI: 'on',
    JWT_SECRET: jwtSecret,
    PUBLIC_URL: clientUrl,
    OIDC_ISSUER: provider.url,
    OIDC_CLIENT_ID: 'invigil',
    OIDC_CLIENT_SECRET: 'a secret of the client',
    OIDC_TEACHER_ROLES: 'teacher',
    DATA_DIR: join(folder, 'data'),
    DUMP_DIR: join(folder, 'dumps'),
    MODELS_DIR: weightsFolder,
    DEMO_DIR: join(repositoryFolder, 'demo/dist/site'),
  };
  server = await startServer({ folder, port, environment, isEnvironmentShared: false });
  platform = await new LtiPlatform().start();
  platform.service.trust(server.url);
  platform.service.members = [{ user: 'hill', roles: ['Instructor'] }];
  const cameraPath = join(folder, 'face.y4m');
  writeAstronautCamera(cameraPath);
  browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
  [teacher, student] = [await openPage(), await openPage()];
});
afterAll(async () => {
  if (!isAsked) return;
  await browser?.close();
  platform?.stop();
  await server?.stop();
  await provider?.stop();
  await rm(folder, { recursive: true, force: true });
});

const invitation = (): string =>
  execFileSync(process.execPath, [serverProgram, 'lti', 'invite', '--platform', platform.issuer], {
    env: { PATH: process.env['PATH'], ...environment },
    encoding: 'utf8',
  }).trim();
const link = { link: 'final', message: () => ({ [ltiClaim('custom')]: { invigil_item: item } }) };

describe.runIf(isAsked)('an exam of a learning platform, in browsers', { timeout: slowlyMs }, () => {
  test('the platform registers itself by a one-time link', async () => {
    const configuration = encodeURIComponent(`${platform.issuer}/.well-known/openid-configuration`);
    await teacher.goto(`${invitation()}?openid_configuration=${configuration}&registration_token=t`);
    await teacher.getByRole('heading', { name: 'Invigil is registered' }).waitFor();
    expect(platform.service.registrations).toHaveLength(1);
  });

  test('a teacher adds a link to the course in a frame that stores nothing, and creates its exam', async () => {
    const message = platform.deepLinkingRequest();
    await teacher.goto(platform.issuer + platform.pages.link({ user: 'hill', role: 'Instructor', message }, 'frame'));
    const frame = teacher.frameLocator('iframe');
    await frame.getByLabel('Title').fill('Physics I');
    await frame.getByRole('button', { name: 'Add to the course' }).click();
    await frame.getByText('Links: Physics I').waitFor();
    expect(await teacher.context().cookies(server.url)).toEqual([]);
    const returned = platform.pages.messages.get('/deep-link-return')!;
    const [added] = returned[deepLinkingClaim('content_items')] as { custom: { invigil_item: string } }[];
    item = added!.custom.invigil_item;
  });

  test('the teacher opens the link, and the exam', async () => {
    const of = { user: 'hill', role: 'Instructor', link: link.link, message: link.message() };
    await teacher.goto(platform.issuer + platform.pages.link(of));
    await teacher.waitForURL(/\/proctor\/\?exam=/);
    await teacher.getByRole('heading', { name: 'Physics I' }).waitFor();
    await teacher.getByRole('button', { name: 'Open waiting room' }).click();
    await teacher.locator('[data-exam-status=WAITING]').waitFor();
    await teacher.getByRole('button', { name: 'Start exam' }).click();
    await teacher.locator('[data-exam-status=IN_PROGRESS]').waitFor();
    expect(new URL(teacher.url()).pathname).toBe('/proctor/');
  });

  test('a student who opens the link in a frame that stores nothing goes on in a window of its own', async () => {
    const framed = await openPage();
    const of = { user: 'emmy', role: 'Learner', link: link.link, message: link.message() };
    await framed.goto(platform.issuer + platform.pages.link(of, 'frame'));
    const opened = framed.context().waitForEvent('page');
    await framed.frameLocator('iframe').getByRole('button', { name: 'Open in a new window' }).click();
    const page = await opened;
    await page.waitForURL(/\/\?exam=/);
    await page.getByTestId('begin').waitFor();
    expect(page.url()).not.toContain('#link=');
    await framed.context().close();
  });

  test('the platform sends a student to be observed, who starts the assessment there', async () => {
    const of = { user: 'ada', role: 'Learner', link: link.link };
    const message = { ...link.message(), ...platform.startProctoring() };
    platform.pages.finishLink = platform.pages.link({
      ...of,
      message: { ...link.message(), ...platform.endAssessment() },
    });
    await student.goto(platform.issuer + platform.pages.link({ ...of, message }));
    await student.getByTestId('begin').click();
    await student.waitForURL(/\/check\//);
    const session = new URL(student.url()).searchParams.get('session') ?? '';
    await student.goto(`${server.url}/exam/?session=${session}`);
    await student.getByRole('button', { name: 'I agree, turn on the camera' }).click();
    await student.locator('[data-exam-stage=running]').waitFor({ timeout: slowlyMs });
    const assessment = student.context().waitForEvent('page');
    await student.getByTestId('start-assessment').click();
    const page = await assessment;
    await page.getByRole('heading', { name: 'The assessment' }).waitFor();
    const started = platform.pages.messages.get('/start-assessment')!;
    expect(started[proctoringClaim('session_data')]).toBe('session-data-1');
    await expect.poll(() => teacher.locator('.tile').first().getAttribute('data-delivery')).toBe('live');

    await page.getByRole('link', { name: 'Finish' }).click();
    await page.getByRole('heading', { name: 'The assessment has ended' }).waitFor();
    await student.locator('[data-exam-stage=over]').waitFor();
  });

  test('the teacher reads the report', async () => {
    const session = new URL(student.url()).searchParams.get('session') ?? '';
    await teacher.goto(`${server.url}/report/?session=${session}&as=staff`);
    await teacher.getByTestId('coverage').waitFor();
    const text = (): Promise<string> => teacher.locator('main').innerText();
    await expect.poll(text).toContain('Name of ada');
    expect(await text()).not.toMatch(/tab switch/i);
  });
});

describe.runIf(isAsked)('sign-in through the organisation, in a browser', { timeout: slowlyMs }, () => {
  let staff: Page;

  test('leads to the page that was asked for', async () => {
    staff = await openPage();
    await staff.goto(`${server.url}/proctor/`);
    expect(staff.url()).toContain(provider.url);
    await staff.locator('input[name=login]').fill('grace');
    await staff.locator('input[name=password]').fill('any');
    await staff.locator('button[type=submit]').click();
    await staff.locator('button[type=submit]').click();
    await staff.waitForURL(`${server.url}/proctor/`);
    await staff.getByLabel('Title').waitFor();
  });

  test('that ends while the wall is open asks to sign in again, and loses nothing', async () => {
    await staff.getByLabel('Title').first().fill('Chemistry');
    await staff.getByRole('button', { name: 'Create exam' }).click();
    await staff.waitForURL(/\/proctor\/\?exam=/);
    const wall = staff.url();
    await staff.getByRole('heading', { name: 'Chemistry' }).waitFor();
    // Another page of the same person signs out, which ends the session of this one, too.
    await staff.evaluate(() => fetch('/auth/sign-out', { method: 'POST', headers: { 'X-Invigil-Page': '1' } }));
    await staff.getByText('You are not signed in, or your sign-in has ended.').waitFor();
    await staff.getByTestId('links').getByRole('link', { name: 'Sign in again' }).click();
    await staff.waitForURL(wall);
    await staff.getByRole('heading', { name: 'Chemistry' }).waitFor();
    expect(staff.url()).toBe(wall);
  });

  test('ends with the button, at the provider as well', async () => {
    await staff.getByRole('button', { name: 'Sign out' }).click();
    await staff.waitForURL(new RegExp(provider.url));
    expect(staff.url()).toContain('/session/end');
  });

  test('no page raised an error', () => {
    expect(pageErrors).toEqual([]);
  });
});
