import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import type { Browser, BrowserContext, FrameLocator, Page } from 'playwright';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems, sidewaysPx } from '@invigil/testkit/browser/accessibility';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { guideExample } from '@invigil/testkit/guide-example';
import type { InvigilProctor } from '../src/element.ts';
import { ExamSite } from './support/exam-site.ts';
import { RealServer } from '@invigil/testkit/server/real-server';

/** Downloading weights and compiling, on a busy machine. */
const prepareLimitMs = 60_000;
const testLimitMs = 120_000;

let folder: string;
let site: ExamSite;
let bundledSite: ExamSite;
let server: RealServer;
let browser: Browser;
let context: BrowserContext;
let sessions = 0;
const open: BrowserContext[] = [];

const addresses = (): Record<string, string> => ({
  'https://proctor.example.edu': server.url,
  'wss://proctor.example.edu': server.url.replace('http', 'ws'),
});

/** A page with the guide's example for a separate session; `element` replaces its tag. */
const examPage = async (path: string, element?: string): Promise<string> => {
  const sessionId = `element-${++sessions}`;
  let body = await guideExample('page', { ...addresses(), SESSION_ID: sessionId, ' token="TOKEN"': '' });
  if (element !== undefined)
    body = body.replace(/<invigil-proctor.*<\/invigil-proctor>/, element.replace('ID', sessionId));
  site.pages.set(path, { body });
  return sessionId;
};

const newContext = async (from: Browser = browser): Promise<BrowserContext> => {
  const made = await from.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  made.setDefaultTimeout(20_000);
  open.push(made);
  return made;
};

const visit = async (path: string, to: BrowserContext = context): Promise<Page> => {
  const page = await to.newPage();
  await page.goto(`${site.origin}${path}`);
  return page;
};

const agree = (page: Page | FrameLocator): Promise<void> => page.getByTestId('consent').click();
const reaches = (page: Page | FrameLocator, stage: string): Promise<void> =>
  page.locator(`[data-stage=${stage}]`).waitFor({ timeout: prepareLimitMs });
const delivery = (page: Page | FrameLocator): Promise<string> => page.getByTestId('delivery').innerText();
/** Waits until the panel has counted more than `count` frames. */
const records = async (page: Page, count: number): Promise<void> => {
  const frames = page.locator('[data-frames]');
  await expect
    .poll(async () => Number(await frames.getAttribute('data-frames')), { timeout: 20_000 })
    .toBeGreaterThan(count);
};
/** Delivers every frame. */
const stop = (page: Page): Promise<unknown> =>
  page.locator('invigil-proctor').evaluate((element) => (element as InvigilProctor).stop());
const notice = (page: Page | FrameLocator): Promise<string> => page.locator('.notice').innerText();

const run = async (page: Page): Promise<void> => {
  await agree(page);
  await reaches(page, 'running');
  await expect.poll(() => delivery(page), { timeout: 20_000 }).toBe('Everything has been delivered');
};

/** Accessibility problems of the current page. */
const barriers = async (page: Page): Promise<string[]> => {
  const found = await accessibilityProblems(page);
  for (const widthPx of [360, 1440]) {
    const overflowPx = await sidewaysPx(page, widthPx);
    if (overflowPx > 0) found.push(`${overflowPx} px too wide in a window of ${widthPx} px`);
  }
  return found;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-element-'));
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
  const modules = join(folder, 'modules');
  await build({ configFile, logLevel: 'error', build: { outDir: modules } });
  site = await ExamSite.open(modules);
  bundledSite = await ExamSite.open(join(folder, 'bundled'));
  server = await RealServer.start({ ALLOWED_ORIGINS: `${site.origin},${bundledSite.origin}` });
  site.headers = { 'Content-Security-Policy': await guideExample('policy', addresses()) };
  site.pages.set('/favicon.ico', { body: '', type: 'image/x-icon' });
  site.pages.set('/hand-in', { body: '' });
  site.pages.set('/exam.js', { body: await guideExample('script'), type: 'text/javascript' });
  const cameraPath = join(folder, 'camera.y4m');
  writeAstronautCamera(cameraPath);
  browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
  context = await newContext();
}, 120_000);

afterEach(async () => {
  for (const page of context.pages()) await page.close();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await site?.close();
  await bundledSite?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the element on a page of another origin, with the policy that the guide prints', () => {
  test(
    'asks first, then loads, and completes an exam, by keyboard alone',
    async () => {
      const sessionId = await examPage('/');
      const page = await context.newPage();
      const requested: string[] = [];
      const problems: string[] = [];
      page.on('request', (request) => requested.push(request.url()));
      page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
      await page.goto(`${site.origin}/`);
      await reaches(page, 'consent');
      expect(await barriers(page)).toEqual([]);
      expect(requested.filter((url) => /models|worker|wasm|\/api\//.test(url))).toEqual([]);
      expect(await page.locator('#exam').isVisible()).toBe(false);

      // The first stop is the list of numbers, the second the button.
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByText('Head turned / raised').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('progressbar').waitFor();
      await reaches(page, 'running');
      await expect.poll(() => page.getByTestId('observed').innerText(), { timeout: 20_000 }).toBe('Observed');
      await expect.poll(() => delivery(page), { timeout: 20_000 }).toBe('Everything has been delivered');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('.panel .numbers').innerText()).toMatch(/Faces in view\s+1/);
      expect(await barriers(page)).toEqual([]);

      await records(page, 10);
      await page.getByLabel('Which river').fill('Danube');
      await page.keyboard.press('Enter');
      await reaches(page, 'closed');
      expect(await notice(page)).toContain('The camera is off');
      expect(await barriers(page)).toEqual([]);
      expect(problems).toEqual([]);
      expect((await server.endAndDump(sessionId)).length).toBeGreaterThan(10);
    },
    testLimitMs,
  );

  test('uses the page’s language, and the page’s own texts and colours', async () => {
    await examPage('/', '<invigil-proctor id="it" server-url="http://127.0.0.1" session-id="ID"></invigil-proctor>');
    const page = await visit('/');
    const title = page.getByRole('heading', { level: 2 });
    expect(await title.innerText()).toBe('Before the camera is switched on');
    await page.locator('#it').evaluate((element) => element.setAttribute('lang', 'de-AT'));
    await expect.poll(() => title.innerText()).toBe('Bevor die Kamera eingeschaltet wird');
    await page.locator('#it').evaluate((element) => element.setAttribute('lang', 'es'));
    await expect.poll(() => title.innerText()).toBe('Antes de encender la cámara');
    await page.locator('#it').evaluate((element) => {
      Object.assign(element, { texts: { consent: { kept: { text: 'Thirty days.' } } } });
      (element as HTMLElement).style.setProperty('--invigil-accent', 'rgb(90, 0, 90)');
    });
    await page.getByText('Thirty days.').waitFor();
    const colour = await page.getByTestId('consent').evaluate((button) => getComputedStyle(button).backgroundColor);
    expect(colour).toBe('rgb(90, 0, 90)');
  });
});

test(
  'an exam page’s own build includes the element, with its workers and wasm',
  async () => {
    const input = join(folder, 'exam-app.js');
    await writeFile(input, "import './modules/element.js';");
    await build({
      configFile: false,
      logLevel: 'error',
      root: folder,
      base: '/invigil/',
      build: {
        outDir: 'bundled',
        rolldownOptions: { input, output: { entryFileNames: 'element.js' } },
      },
    });
    await examPage('/');
    bundledSite.pages.set('/', site.pages.get('/')!);
    bundledSite.headers = site.headers;
    const page = await context.newPage();
    await page.goto(`${bundledSite.origin}/`);
    await run(page);
    expect(await page.locator('[data-stage=running]').count()).toBe(1);
  },
  testLimitMs,
);

describe('inside a frame', () => {
  test(
    'completes an exam with the permissions that the guide prints, and reports missing ones',
    async () => {
      await examPage('/framed');
      const framed = site.pages.get('/framed')!;
      const policy = await guideExample('policy', addresses());
      const platform = await ExamSite.open(folder);
      // Not only another origin but another site, so that the browser treats the frame as a third party.
      const platformUrl = platform.origin.replace('127.0.0.1', 'localhost');
      try {
        framed.headers = {
          'Content-Security-Policy': policy.replace("frame-ancestors 'none'", `frame-ancestors ${platformUrl}`),
        };
        const frame = await guideExample('frame', { 'https://exam.example.edu/': `${site.origin}/framed` });
        const headers = {
          'Permissions-Policy': await guideExample('permissions', { 'https://exam.example.edu': site.origin }),
        };
        const title = '<!doctype html><html lang="en"><title>Course</title>';
        platform.pages.set('/course', { body: `${title}${frame}`, headers });
        platform.pages.set('/careless', { body: `${title}${frame.replace(/ allow="[^"]*"/, '')}`, headers });

        const page = await context.newPage();
        await page.goto(`${platformUrl}/course`);
        await agree(page.frameLocator('iframe'));
        await reaches(page.frameLocator('iframe'), 'running');
        await expect
          .poll(() => delivery(page.frameLocator('iframe')), { timeout: 20_000 })
          .toBe('Everything has been delivered');

        // This browser denies storage to third parties: the element says so, and asks again on the next page.
        expect(await page.frameLocator('iframe').locator('.panel').innerText()).toContain('cannot store data');

        await page.goto(`${platformUrl}/careless`);
        await agree(page.frameLocator('iframe'));
        await reaches(page.frameLocator('iframe'), 'failed');
        expect(await notice(page.frameLocator('iframe'))).toContain(
          'This exam page is set up so that it cannot use the camera',
        );
      } finally {
        await platform.close();
      }
    },
    testLimitMs,
  );
});

describe('shows each failure, and what the student can do', () => {
  test(
    'no camera',
    async () => {
      const bare = await chromium.launch(launchOptions());
      try {
        await examPage('/');
        const page = await visit('/', await newContext(bare));
        await agree(page);
        await reaches(page, 'failed');
        expect(await notice(page)).toContain('No camera was found');
        expect(await page.getByTestId('again').isVisible()).toBe(true);
        expect(await barriers(page)).toEqual([]);
      } finally {
        await bare.close();
      }
    },
    testLimitMs,
  );

  test(
    'a browser’s question that nobody answers: says what is missing, with a button',
    async () => {
      await examPage('/');
      const silent = await newContext();
      await silent.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined);
        const status = Object.assign(new EventTarget(), { state: 'prompt' });
        navigator.permissions.query = async () => status as never;
      });
      const page = await visit('/', silent);
      await agree(page);
      await expect.poll(() => page.locator('.notice').allInnerTexts(), { timeout: prepareLimitMs }).toHaveLength(1);
      expect(await notice(page)).toContain('Allow the camera');
      expect(await page.getByTestId('again').innerText()).toBe('Ask again');
      await silent.close();
    },
    testLimitMs,
  );

  test(
    'camera lost and found, offline, server unreachable, all in one session that continues',
    async () => {
      const sessionId = await examPage('/');
      const page = await visit('/');
      await run(page);

      await page.evaluate(() => {
        const video = document.querySelector('invigil-proctor')?.shadowRoot?.querySelector('video');
        const stream = video?.srcObject as MediaStream | undefined;
        const [track] = stream?.getVideoTracks() ?? [];
        const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('unplugged', 'NotFoundError'));
        Object.assign(globalThis, { plugIn: () => (navigator.mediaDevices.getUserMedia = real) });
        track?.stop();
        track?.dispatchEvent(new Event('ended'));
      });
      await expect.poll(() => notice(page)).toContain('The camera was disconnected');
      await expect
        .poll(() => page.getByTestId('observed').innerText(), { timeout: 20_000 })
        .toBe('Not observed: the camera is disconnected');
      expect(await barriers(page)).toEqual([]);
      await page.evaluate(() => {
        (globalThis as unknown as { plugIn: () => void }).plugIn();
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      });
      await expect.poll(() => page.locator('.notice').count(), { timeout: 20_000 }).toBe(0);
      await expect.poll(() => page.getByTestId('observed').innerText(), { timeout: 20_000 }).toBe('Observed');

      await context.setOffline(true);
      await expect.poll(() => delivery(page), { timeout: 20_000 }).toMatch(/^Offline.*\d+ measurements are waiting/);
      expect(await barriers(page)).toEqual([]);
      await context.setOffline(false);
      await expect.poll(() => delivery(page), { timeout: 30_000 }).toBe('Everything has been delivered');

      await server.kill();
      await expect.poll(() => delivery(page), { timeout: 20_000 }).toMatch(/^No connection at the moment/);
      await server.restart();
      await expect.poll(() => delivery(page), { timeout: 30_000 }).toBe('Everything has been delivered');

      await server.endAndDump(sessionId);
      await reaches(page, 'closed');
      expect(await notice(page)).toContain('This session is over');
      expect(await barriers(page)).toEqual([]);
    },
    testLimitMs,
  );

  test(
    'open in another tab, until that one is closed',
    async () => {
      await examPage('/');
      const [first, second] = [await visit('/'), await visit('/')];
      await run(first);
      await agree(second);
      await reaches(second, 'failed');
      expect(await notice(second)).toContain('The session is open in another tab');
      await first.close();
      await second.getByTestId('again').click();
      await reaches(second, 'running');
    },
    testLimitMs,
  );

  test(
    'replaced by another device',
    async () => {
      await examPage('/');
      const first = await visit('/');
      await run(first);
      const elsewhere = await newContext();
      await run(await visit('/', elsewhere));
      await reaches(first, 'failed');
      expect(await notice(first)).toContain('The session continues elsewhere');
      // Reclaiming it is the student's decision; the other device then gives way.
      await first.getByTestId('again').click();
      await reaches(first, 'running');
      await elsewhere.close();
    },
    testLimitMs,
  );

  test(
    'an expired token, until the page sets a new one',
    async () => {
      const expired = `h.${btoa(JSON.stringify({ exp: 1_700_000_000 }))}.s`;
      const begun = await server.begin('ada');
      await examPage(
        '/',
        `<invigil-proctor id="it" server-url="${server.url}" session-id="${begun.session_id}" token="${expired}"></invigil-proctor>`,
      );
      const page = await visit('/');
      await page.locator('#it').evaluate((element) => {
        (element as InvigilProctor).options = { drainTimeoutMs: 3000 };
      });
      await agree(page);
      await reaches(page, 'running');
      await expect
        .poll(() => delivery(page), { timeout: 20_000 })
        .toMatch(/^Your access has expired.*waiting on this device/);
      site.pages.set('/proctor-token', { body: begun.token, type: 'text/plain' });
      await expect.poll(() => delivery(page), { timeout: 30_000 }).toBe('Everything has been delivered');

      // What is left after the end is sent once there is a connection again, without the camera.
      await server.kill();
      await expect.poll(() => delivery(page), { timeout: 20_000 }).toMatch(/[1-9]\d* measurements are waiting/);
      await stop(page);
      expect(await notice(page)).toContain('have not been delivered yet');
      await server.restart();
      const send = async (): Promise<string> => {
        if (await page.getByTestId('deliver').isVisible()) await page.getByTestId('deliver').click();
        await reaches(page, 'closed');
        return notice(page);
      };
      await expect.poll(send, { timeout: 30_000 }).toContain('everything has been delivered');
    },
    testLimitMs,
  );

  test(
    'a page without access to storage: it runs, and says that unsent measurements are not kept',
    async () => {
      const sessionId = await examPage('/');
      const blocked = await newContext();
      await blocked.addInitScript(() => {
        const refuse = (): never => {
          throw new DOMException('Access is denied for this document', 'SecurityError');
        };
        for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
          Object.defineProperty(globalThis, name, { get: refuse });
        }
        LockManager.prototype.request = async () => refuse();
      });
      const page = await visit('/', blocked);
      await agree(page);
      await reaches(page, 'running');
      await expect.poll(() => delivery(page), { timeout: 20_000 }).toBe('Everything has been delivered');
      await page.getByText('This browser cannot store data for this page.').waitFor();
      await records(page, 3);
      await stop(page);
      await blocked.close();
      const frames = await server.endAndDump(sessionId);
      expect(frames.every((frame) => frame.storage_missing === 1 && frame.lock_missing === 1)).toBe(true);
      const { integrity } = await server.report(sessionId);
      expect(integrity.frames_without).toEqual({ storage: frames.length, lock: frames.length });
    },
    testLimitMs,
  );

  test(
    'a camera or an image analysis that the exam does not require: the student continues without, and the report says so',
    async () => {
      await server.createExam('tolerant', { may_run_without: { camera: true, image_analysis: true } });
      const begun = await server.begin('eve', 'tolerant');
      await examPage(
        '/',
        `<invigil-proctor server-url="${server.url}" session-id="${begun.session_id}" models-url="/none/"></invigil-proctor>`,
      );
      const page = await visit('/');
      await agree(page);
      await reaches(page, 'failed');
      expect(await notice(page)).toContain('This exam may be taken without image analysis.');
      expect(await barriers(page)).toEqual([]);
      await page.getByTestId('without').click();
      await reaches(page, 'running');
      const observed = (): Promise<string> => page.getByTestId('observed').innerText();
      await expect.poll(observed).toBe('Not observed: the exam runs without image analysis');
      await expect.poll(() => delivery(page), { timeout: 20_000 }).toBe('Everything has been delivered');
      expect(await page.getByTestId('missing').innerText()).toContain('it does not count against you');
      expect(await barriers(page)).toEqual([]);
      // It is tried again, fails again, and the session continues as before.
      await page.getByTestId('retry').click();
      await page.getByText('The files of the image analysis could not be loaded').waitFor();
      expect(await page.locator('[data-stage=running]').count()).toBe(1);

      // The next page of the same tab has the models, but no camera; what the student chose still holds.
      await examPage(
        '/next',
        `<invigil-proctor server-url="${server.url}" session-id="${begun.session_id}"></invigil-proctor>`,
      );
      await page.goto(`${site.origin}/next`);
      await reaches(page, 'running');
      await page.getByTestId('retry').click();
      await expect.poll(observed, { timeout: prepareLimitMs }).toBe('Observed');
      expect(await page.getByTestId('missing').count()).toBe(0);
      await records(page, 5);
      await stop(page);
      await server.request('POST', `${begun.session_id}/end`);
      const { coverage, risk, observations } = await server.report(begun.session_id);
      expect(coverage?.not_observed_s.no_image_analysis).toBeGreaterThan(1);
      expect(coverage?.observed_s).toBeGreaterThan(0);
      expect(observations.filter(({ type }) => type !== 'stream_gap')).toEqual([]);
      expect(risk.value).toBe(0);
    },
    testLimitMs,
  );

  test(
    'an exam that requires camera, storage and lock says so, and whom to tell',
    async () => {
      await server.createExam('strict', { may_run_without: { storage: false, lock: false } });
      const begun = await server.begin('eve', 'strict');
      const element = `<invigil-proctor lang="de" server-url="${server.url}" session-id="${begun.session_id}"></invigil-proctor>`;
      await examPage('/', element);
      const withoutCamera = await newContext();
      await withoutCamera.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = async () => {
          throw new DOMException('no', 'NotFoundError');
        };
      });
      const page = await visit('/', withoutCamera);
      await agree(page);
      await reaches(page, 'failed');
      expect(await notice(page)).toContain('Diese Prüfung verlangt eine Kamera.');
      expect(await page.getByTestId('without').count()).toBe(0);
      for (const [name, sentence] of [
        ['indexedDB', 'Daten zu speichern; diese Prüfung verlangt es'],
        ['locks', 'nur in einem Tab läuft; diese Prüfung verlangt es'],
      ] as const) {
        const lacking = await newContext();
        await lacking.addInitScript((missing) => {
          if (missing === 'locks') Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });
          else Object.defineProperty(globalThis, missing, { value: undefined });
        }, name);
        const other = await visit('/', lacking);
        await agree(other);
        await reaches(other, 'failed');
        expect(await notice(other)).toContain(sentence);
        expect(await notice(other)).toContain('Prüfungsorganisation');
        expect(await other.getByTestId('again').isVisible()).toBe(true);
      }
    },
    testLimitMs,
  );

  test(
    'missing weights: without the face models it stops, without the phone models it continues and reports it',
    async () => {
      await examPage(
        '/',
        '<invigil-proctor server-url="http://127.0.0.1" session-id="ID" models-url="/none/"></invigil-proctor>',
      );
      const without = await visit('/');
      await agree(without);
      await reaches(without, 'failed');
      expect(await notice(without)).toContain('The files of the image analysis could not be loaded');
      expect(await without.getByTestId('again').isVisible()).toBe(true);
      expect(await barriers(without)).toEqual([]);

      await examPage('/');
      // A browser that has been here before has the weights on the device.
      const fresh = await newContext();
      await fresh.route(/nanodet/, (route) => route.abort());
      const page = await visit('/', fresh);
      await agree(page);
      await reaches(page, 'running');
      await page.getByText('Not detected on this device: phones.').waitFor();
    },
    testLimitMs,
  );

  test(
    'a session that the page cannot create, and a retry',
    async () => {
      await examPage('/', `<invigil-proctor id="it" server-url="${server.url}"></invigil-proctor>`);
      const page = await visit('/');
      await page.locator('#it').evaluate((element) => {
        let asked = 0;
        const session = async () => {
          asked += 1;
          if (asked === 1) throw new Error('the school’s server is away');
          return { sessionId: 'element-named-late' };
        };
        Object.assign(element, { session });
      });
      await agree(page);
      await reaches(page, 'not_started');
      expect(await notice(page)).toContain('the school’s server is away');
      expect(await barriers(page)).toEqual([]);
      await page.getByTestId('again').click();
      await reaches(page, 'running');
    },
    testLimitMs,
  );
});
