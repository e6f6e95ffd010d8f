import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { CommandError } from '../command/command-line.ts';

const pageLimitMs = 30_000;
/** Loading and warming up the models on a slow machine. */
const prepareLimitMs = 180_000;
/** Delivering the remaining frames, the final analysis, and the report page. */
const endLimitMs = 60_000;
/** The dialog that confirms the end opens this long before the video ends, so that only a click remains. */
const askBeforeEndMs = 1500;
const progressEveryMs = 500;

declare global {
  /** When the page got the camera, milliseconds since the Unix epoch. */
  var rehearsalCameraMs: number | null;
}

/**
 * Runs in the page before its own scripts: notes when the page got the camera. The fake camera plays its file from the beginning
 * when it is opened, not if another stream of it is still open, and delivers the first frame as `getUserMedia` resolves.
 */
const noteCameraTimes = (): void => {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  globalThis.rehearsalCameraMs = null;
  let last: MediaStream | null = null;
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    const isOpen = last?.getTracks().some(({ readyState }) => readyState === 'live') ?? false;
    if (!isOpen) globalThis.rehearsalCameraMs = Date.now();
    last = stream;
    return stream;
  };
};

/** The text of the page's alert, or the page's address if it shows none. */
const stateOf = async (page: Page): Promise<string> => {
  const alert = page.getByRole('alert').first();
  const text = (await alert.count()) > 0 ? (await alert.innerText()).replaceAll(/\s+/g, ' ') : null;
  return text ?? `the page is at ${page.url()}`;
};

const stage = (page: Page, state: 'running' | 'failed') => page.locator(`[data-exam-stage="${state}"]`);

const waitUntilRunning = async (page: Page): Promise<void> => {
  const outcome = await Promise.race([
    stage(page, 'running')
      .waitFor({ timeout: prepareLimitMs })
      .then(() => 'running'),
    stage(page, 'failed')
      .waitFor({ timeout: prepareLimitMs })
      .then(
        () => 'failed',
        () => 'late',
      ),
  ]).catch(() => 'late');
  if (outcome !== 'running') throw new CommandError(`the session did not start: ${await stateOf(page)}`);
};

const endExam = async (page: Page, endMs: number): Promise<void> => {
  await page.getByTestId('end').click();
  const confirm = page.getByTestId('end-confirm');
  await confirm.waitFor();
  await sleep(Math.max(0, endMs - Date.now()));
  await confirm.click();
  const handedIn = page.getByTestId('handed-in');
  await handedIn.waitFor({ timeout: endLimitMs }).catch(async (error: unknown) => {
    throw new CommandError(`the session did not end: ${await stateOf(page)}`, { cause: error });
  });
  await handedIn.getByRole('link').click();
  await page.getByTestId('coverage').waitFor({ timeout: endLimitMs });
};

export interface TakeExamOptions {
  serverUrl: string;
  cameraPath: string;
  durationMs: number;
  onPreparing: () => void;
  onProgress: (elapsedMs: number, frames: number) => void;
  onWarning: (text: string) => void;
}

export interface TakenExam {
  sessionId: string;
  /** When the camera showed the beginning of the video, milliseconds since the Unix epoch. */
  originMs: number;
}

const runExam = async (page: Page, options: TakeExamOptions): Promise<TakenExam> => {
  const { serverUrl, durationMs, onPreparing, onProgress } = options;
  await page.addInitScript(noteCameraTimes);
  await page.goto(new URL('/exam/', serverUrl).href, { timeout: pageLimitMs });
  await page.getByTestId('consent').click({ timeout: pageLimitMs });
  onPreparing();
  await waitUntilRunning(page);
  const originMs = await page.evaluate(() => globalThis.rehearsalCameraMs);
  if (originMs === null) throw new CommandError('the session runs, but the page never opened the camera');
  const sessionId = new URL(page.url()).searchParams.get('session');
  if (sessionId === null) throw new CommandError(`the page's address names no session: ${page.url()}`);
  const endMs = originMs + durationMs;
  while (Date.now() < endMs - askBeforeEndMs) {
    if ((await stage(page, 'running').count()) === 0) {
      throw new CommandError(`the session stopped early: ${await stateOf(page)}`);
    }
    const frames = Number(await page.locator('[data-frames]').first().getAttribute('data-frames'));
    onProgress(Date.now() - originMs, frames);
    await sleep(Math.min(progressEveryMs, Math.max(0, endMs - askBeforeEndMs - Date.now())));
  }
  await endExam(page, endMs);
  return { sessionId, originMs };
};

/** Takes one exam as a student does: consents, waits for the models, stays for the length of the video, ends, opens the report. */
export const takeExam = async (options: TakeExamOptions): Promise<TakenExam> => {
  const browser = await chromium.launch(launchOptions(fakeCameraArguments(options.cameraPath)));
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.on('pageerror', (error) => options.onWarning(`error in the page: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') options.onWarning(`the page's console: ${message.text()}`);
    });
    return await runExam(page, options);
  } finally {
    await browser.close();
  }
};
