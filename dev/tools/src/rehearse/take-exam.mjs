import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { RehearsalError } from './rehearsal-error.mjs';

const pageLimitMs = 30_000;
/** Loading and warming up the models on a slow machine. */
const prepareLimitMs = 180_000;
/** Delivering what is left, the final analysis, and the report page. */
const endLimitMs = 60_000;
/** The End question is opened this long before the video is over, so that only its answer is left to do. */
const askBeforeEndMs = 1500;
const progressEveryMs = 500;

/**
 * Runs in the page before its own scripts: notes when the camera was given. The fake camera plays its file from the
 * beginning each time it is opened, and hands out the first picture as `getUserMedia` resolves.
 */
const noteCameraTimes = () => {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  globalThis.rehearsalCameraMs = null;
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    globalThis.rehearsalCameraMs = Date.now();
    return stream;
  };
};

const whatThePageSays = async (page) => {
  const alert = page.getByRole('alert').first();
  const text = (await alert.count()) > 0 ? (await alert.innerText()).replaceAll(/\s+/g, ' ') : null;
  return text ?? `the page is at ${page.url()}`;
};

/**
 * Sits one exam like a person: consents, waits for the models, sits as long as the video lasts, ends, sees the report.
 * @returns the session, and when the camera showed the video's beginning (Unix epoch, milliseconds).
 */
export const sitExam = async ({ serverUrl, cameraPath, durationMs, onPreparing, onSitting, onWarning }) => {
  const browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => onWarning(`error in the page: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') onWarning(`the page's console: ${message.text()}`);
    });
    await page.addInitScript(noteCameraTimes);
    await page.goto(new URL('/exam/', serverUrl).href, { timeout: pageLimitMs });
    const sitting = (state) => page.locator(`[data-exam-stage="${state}"]`);

    await page.getByTestId('consent').click({ timeout: pageLimitMs });
    onPreparing();
    const outcome = await Promise.race([
      sitting('running')
        .waitFor({ timeout: prepareLimitMs })
        .then(() => 'running'),
      sitting('failed')
        .waitFor({ timeout: prepareLimitMs })
        .then(
          () => 'failed',
          () => 'late',
        ),
    ]).catch(() => 'late');
    if (outcome !== 'running') throw new RehearsalError(`the sitting did not start: ${await whatThePageSays(page)}`);

    const originMs = await page.evaluate(() => globalThis.rehearsalCameraMs);
    if (originMs === null) throw new RehearsalError('the sitting runs, but the camera was never opened');
    const sessionId = new URL(page.url()).searchParams.get('session');
    const endMs = originMs + durationMs;
    while (Date.now() < endMs - askBeforeEndMs) {
      if ((await sitting('running').count()) === 0) {
        throw new RehearsalError(`the sitting stopped before its end: ${await whatThePageSays(page)}`);
      }
      const frames = Number(await page.locator('[data-frames]').first().getAttribute('data-frames'));
      onSitting(Date.now() - originMs, frames);
      await sleep(Math.min(progressEveryMs, Math.max(0, endMs - askBeforeEndMs - Date.now())));
    }
    await page.getByTestId('end').click();
    const confirm = page.getByTestId('end-confirm');
    await confirm.waitFor();
    await sleep(Math.max(0, endMs - Date.now()));
    await confirm.click();
    await page.waitForURL(/\/report\//, { timeout: endLimitMs }).catch(async (error) => {
      throw new RehearsalError(`the sitting did not end: ${await whatThePageSays(page)}`, { cause: error });
    });
    await page.getByTestId('coverage').waitFor({ timeout: endLimitMs });
    return { sessionId, originMs };
  } finally {
    await browser.close();
  }
};
