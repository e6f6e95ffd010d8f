import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '@invigil/protocol/report';
import type { StoredFrame } from '@invigil/protocol/frame';
import { repositoryFolder } from '@invigil/testkit/repository';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';
import { accessibilityProblems, sidewaysPx } from '@invigil/testkit/browser/accessibility';

const narrowPx = 360;
const widePx = 1440;
/** Loading the models, on a busy machine. */
const prepareLimitMs = 90_000;

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const pageErrors: string[] = [];

/** Accessibility problems of the current page: axe's findings, and sideways scrolling. */
const barriers = async (): Promise<string[]> => {
  const found = await accessibilityProblems(page);
  for (const widthPx of [narrowPx, widePx]) {
    const overflowPx = await sidewaysPx(page, widthPx);
    if (overflowPx > 0) found.push(`${overflowPx} px too wide in a window of ${widthPx} px`);
  }
  return found;
};

/** On a phone the panel takes up one line. Its details open on top of the questions and do not move them. */
const isOneLineOnPhones = async (): Promise<void> => {
  const before = page.viewportSize();
  await page.setViewportSize({ width: narrowPx, height: 740 });
  await page.getByTestId('bar').waitFor();
  const top = () => page.locator('.paper').evaluate((paper) => paper.getBoundingClientRect().top + scrollY);
  const closedTopPx = await top();
  expect((await page.locator('invigil-proctor').boundingBox())?.height).toBeLessThan(70);
  await page.getByTestId('bar-toggle').click();
  await page.getByText('Current measurements').waitFor();
  expect(await top()).toBe(closedTopPx);
  await page.getByTestId('bar-toggle').click();
  if (before !== null) await page.setViewportSize(before);
};

beforeAll(async () => {
  if (!existsSync(join(repositoryFolder, 'demo/dist/site/index.html')))
    throw new Error('the pages are not built: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'invigil-demo-test-'));
  const cameraPath = join(folder, 'camera.y4m');
  writeAstronautCamera(cameraPath);
  server = await startServer({ folder });
  browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
  // axe is injected into the page; the page's own policy would block it.
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true, locale: 'en-GB' });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => pageErrors.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a session, from the start page to the report', () => {
  test('starts on the start page, which leads to the camera check', async () => {
    await page.goto(server.url);
    expect(await barriers()).toEqual([]);
    await page.getByLabel('Student number or nickname').fill('no spaces please');
    await page.getByRole('button', { name: 'Continue to the camera check' }).click();
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('no spaces');
    await page.getByLabel('Student number or nickname').fill('ada');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/check\/\?session=/);
  });

  test('checks the camera and reports that the face is clearly in view', { timeout: prepareLimitMs }, async () => {
    expect(await barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Turn on the camera' }).click();
    await page.locator('[data-check=checking]').waitFor({ timeout: prepareLimitMs });
    await page.getByText('Your face is clearly in view.').waitFor({ timeout: prepareLimitMs });
    expect(await barriers()).toEqual([]);
  });

  test('offers gaze calibration, which can be stopped', { timeout: 90_000 }, async () => {
    await page.getByRole('button', { name: 'Start calibration' }).click();
    await page.getByRole('button', { name: 'Begin', exact: true }).waitFor();
    expect(await barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Begin', exact: true }).press('Enter');
    await page.getByText('Look at the dot.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Look at the dot.').waitFor({ state: 'detached' });
    await page.getByText('Not calibrated.').waitFor();
    expect(await barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Continue to the exam' }).click();
    await page.waitForURL(/\/exam\/\?session=/);
  });

  test(
    'asks before the camera is used, then shows what is observed and delivered',
    { timeout: prepareLimitMs },
    async () => {
      expect(await barriers()).toEqual([]);
      await page.getByRole('button', { name: 'I agree, turn on the camera' }).click();
      await page.locator('[data-exam-stage=running]').waitFor({ timeout: prepareLimitMs });
      await expect.poll(() => page.getByTestId('observed').innerText()).toBe('Observed');
      await expect
        .poll(() => page.getByTestId('delivery').innerText(), { timeout: 30_000 })
        .toBe('Everything has been delivered');
      await page.getByLabel('13,230').check();
      await page.getByText('Current measurements').click();
      await expect.poll(() => page.locator('.panel .numbers').first().innerText()).toMatch(/Faces in view\s+1/);
      expect(await barriers()).toEqual([]);
      await isOneLineOnPhones();
    },
  );

  test(
    'shows that readings wait while the device is offline, and delivers them afterwards',
    { timeout: 90_000 },
    async () => {
      await context.setOffline(true);
      await expect
        .poll(() => page.getByTestId('delivery').innerText(), { timeout: 30_000 })
        .toMatch(/Offline.*waiting on this device/);
      await expect.poll(() => page.getByTestId('observed').innerText()).toBe('Observed');
      await context.setOffline(false);
      await expect
        .poll(() => page.getByTestId('delivery').innerText(), { timeout: 30_000 })
        .toBe('Everything has been delivered');
    },
  );

  test('continues after a reload, with its answers', { timeout: prepareLimitMs }, async () => {
    await page.reload();
    await page.locator('[data-exam-stage=running]').waitFor({ timeout: prepareLimitMs });
    expect(await page.getByLabel('13,230').isChecked()).toBe(true);
    await expect
      .poll(async () => Number(await page.locator('[data-frames]').getAttribute('data-frames')), { timeout: 20_000 })
      .toBeGreaterThan(15);
  });

  test('ends after a question, by keyboard, and opens the report', { timeout: 90_000 }, async () => {
    await page.getByRole('button', { name: 'End exam' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.locator('[data-exam-stage=running]').waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('end-confirm').focus();
    expect(await barriers()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByTestId('handed-in').waitFor({ timeout: 30_000 });
    expect(await barriers()).toEqual([]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('handed-in');
    await page.getByRole('link', { name: 'Read my report' }).press('Enter');
    await page.waitForURL(/\/report\/\?session=/, { timeout: 30_000 });
    await page.getByTestId('coverage').waitFor();
    expect(await barriers()).toEqual([]);
    expect(await page.locator('.facts').innerText()).toContain('ada');
  });

  test('has delivered every frame exactly once', async () => {
    const sessionId = new URL(page.url()).searchParams.get('session') ?? '';
    const report = (await (await fetch(`${server.url}/api/v1/session/${sessionId}/report`)).json()) as Report;
    const { frames } = JSON.parse(await readFile(server.dumpPath(sessionId), 'utf8')) as { frames: StoredFrame[] };
    const seqs = frames.map(({ seq }) => seq).toSorted((a, b) => a - b);
    expect(seqs).toEqual(seqs.map((_, index) => index));
    expect(report.integrity).toMatchObject({ frames: frames.length, frames_lost: 0 });
    expect(report.coverage?.observed_s).toBeGreaterThan(3);
    expect(frames.filter((frame) => frame.no_of_face === 1).length).toBeGreaterThan(frames.length / 2);
  });

  test('shows that a session is over when its page is opened again', async () => {
    await page.goBack();
    await page.getByRole('button', { name: /turn on the camera/ }).click();
    await page.locator('[data-exam-stage=over]').waitFor({ timeout: prepareLimitMs });
    expect(await barriers()).toEqual([]);
  });

  test('raised no error in any page', () => {
    expect(pageErrors).toEqual([]);
  });
});

describe('the report page', () => {
  test('asks for a session if the address has none', async () => {
    await page.goto(`${server.url}/report/`);
    await page.getByText('Which session?').waitFor();
    expect(await barriers()).toEqual([]);
  });

  test('reports an unknown session', async () => {
    await page.goto(`${server.url}/report/?session=nobody`);
    await page.getByText('Session not found').waitFor();
    expect(await barriers()).toEqual([]);
  });

  test('reports that a session is still running', async () => {
    const body = JSON.stringify({ exam_id: 'demo-exam', member_id: 'bob' });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/api/v1/session/start`, { method: 'POST', headers, body });
    const { session_id: sessionId } = (await answer.json()) as { session_id: string };
    await page.goto(`${server.url}/report/?session=${sessionId}`);
    await page.getByText('This session is still running').waitFor();
    expect(await barriers()).toEqual([]);
  });
});

describe('without a camera', () => {
  test('explains it, on the check page and in the exam', { timeout: prepareLimitMs }, async () => {
    const bare = await chromium.launch(launchOptions());
    try {
      const alone = await bare.newPage();
      await alone.goto(`${server.url}/check/`);
      await alone.getByTestId('camera-on').click();
      const failed = alone.getByRole('alert');
      await failed.waitFor({ timeout: prepareLimitMs });
      expect(await failed.innerText()).toContain('No camera was found');
      await alone.goto(`${server.url}/exam/`);
      await alone.getByTestId('consent').click();
      await alone.locator('[data-exam-stage=failed]').waitFor({ timeout: prepareLimitMs });
      expect(await failed.innerText()).toContain('No camera was found');
    } finally {
      await bare.close();
    }
  });
});
