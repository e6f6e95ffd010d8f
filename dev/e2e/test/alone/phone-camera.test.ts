import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems, sidewaysPx } from '@invigil/testkit/browser/accessibility';
import { launchOptions, fakeCameraArguments } from '@invigil/testkit/browser/chromium';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { repositoryFolder, weightsFolder } from '@invigil/testkit/repository';
import { startServer } from '@invigil/testkit/server/server-process';
import type { ServerProcess } from '@invigil/testkit/server/server-process';
import { waitFor } from '@invigil/testkit/timers/waits';

/** On request (`npm run test:long`): two pages load the image analysis. */
const isAsked = process.env['LONG_TESTS'] === '1';
/** The image analysis loads, on a busy machine. */
const slowlyMs = 90_000;

let folder: string;
let server: ServerProcess;
let browser: Browser;
let computer: Page;
let phone: Page;
let sessionId = '';

beforeAll(async () => {
  if (!isAsked) return;
  folder = await mkdtemp(join(tmpdir(), 'invigil-phone-camera-'));
  const environment = { MODELS_DIR: weightsFolder, DEMO_DIR: join(repositoryFolder, 'demo/dist/site') };
  server = await startServer({ folder, environment });
  const camera = join(folder, 'camera.y4m');
  writeAstronautCamera(camera);
  browser = await chromium.launch(launchOptions(fakeCameraArguments(camera)));
  const context = (viewport: { width: number; height: number }) =>
    browser.newContext({ bypassCSP: true, locale: 'en-GB', viewport });
  computer = await (await context({ width: 1280, height: 900 })).newPage();
  phone = await (await context({ width: 360, height: 740 })).newPage();
}, slowlyMs);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const ask = async (method: string, path: string, body?: object) => {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
  const answer = await fetch(`${server.url}/api/v1${path}`, init);
  return answer.status === 204 ? null : answer.json();
};
const phoneState = (state: string) => computer.locator(`[data-phone=${state}]`).waitFor({ timeout: slowlyMs });

describe.runIf(isAsked)('a phone as the camera', { timeout: slowlyMs }, () => {
  test('is offered if the exam’s policy allows it, and joins by the address in the QR code', async () => {
    await ask('POST', '/exams', { exam_id: 'physics', title: 'Physics', policy: { phone_camera: true } });
    await ask('POST', '/exams/physics/enrolments', { students: [{ student_id: 'ada' }] });
    for (const step of ['open', 'start']) await ask('POST', `/exams/physics/${step}`);
    await computer.goto(`${server.url}/?exam=physics`);
    await computer.locator('#member').fill('ada');
    await computer.keyboard.press('Enter');
    await computer.getByRole('button', { name: 'Skip to the exam' }).click();
    await computer.getByTestId('use-phone').click();
    await phoneState('waiting');
    expect(await computer.getByRole('img', { name: /QR code/ }).count()).toBe(1);
    expect(await accessibilityProblems(computer)).toEqual([]);
    const address = await computer.locator('.phone-place code').innerText();
    await phone.goto(address);
    await phone.locator('[data-camera-stage=joined]').waitFor({ timeout: slowlyMs });
    expect(phone.url()).toBe(`${server.url}/camera/`);
    expect(await accessibilityProblems(phone)).toEqual([]);
    expect(await sidewaysPx(phone, 360)).toBe(0);
    await phoneState('opened');
    expect(await computer.getByTestId('end').count()).toBe(0);
  });

  test('opens its camera after consent on the phone; the questions then appear on the computer', async () => {
    await phone.getByRole('button', { name: /agree/i }).first().click();
    await phoneState('connected');
    await computer.getByTestId('end').waitFor();
    sessionId = new URL(computer.url()).searchParams.get('session') ?? '';
    const frames = async () => (await ask('GET', `/session/${sessionId}/report`)).integrity.frames;
    await waitFor(async () => expect(await frames()).toBeGreaterThan(5), { timeout: slowlyMs, interval: 500 });
    const exam = await ask('GET', '/exams/physics');
    expect(exam.students[0].phone_camera).toBe(true);
  });

  test('is shown as lost when its page is closed, and the computer keeps the questions', async () => {
    await phone.goto('about:blank');
    await phoneState('lost');
    expect(await computer.getByTestId('end').count()).toBe(1);
    await phone.goto(`${server.url}/camera/`);
    await phoneState('connected');
  });

  test('stops when the student ends the exam on the computer, and the report states when it was the camera', async () => {
    await computer.getByTestId('end').click();
    await computer.getByTestId('end-confirm').click();
    await computer.getByTestId('handed-in').waitFor({ timeout: slowlyMs });
    await phone.getByText('The exam is over. You can close this page.').waitFor({ timeout: slowlyMs });
    const report = await ask('GET', `/session/${sessionId}/report`);
    expect(report.phone_cameras).toEqual([{ from: expect.any(String), to: null }]);
    await computer.goto(`${server.url}/report/?session=${sessionId}&as=staff`);
    await computer.getByText('Camera: a phone').waitFor({ timeout: slowlyMs });
  });
});
