import { rm } from 'node:fs/promises';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageCamera } from '@invigil/testkit/cameras/page-camera';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { countInBrowser } from '@invigil/testkit/browser/count-in-browser';
import { missingPackages } from '@invigil/testkit/browser/installed-browsers';
import { openBrowser } from '@invigil/testkit/browser/open-browser';
import type { OpenBrowser } from '@invigil/testkit/browser/open-browser';
import { problemCollector } from '@invigil/testkit/browser/page-problems';
import type { Tab } from '@invigil/testkit/browser/tab';
import { ScriptInjectingProxy } from '@invigil/testkit/network/script-injecting-proxy';
import { RealServer } from '@invigil/testkit/server/real-server';
import { freePort } from '@invigil/testkit/services/free-port';
import { jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { ExamSite } from './exam-site.ts';
import type { KeptReport } from './exam-site.ts';
import { NextSite } from './next-site.ts';
import { packExamples } from './packed-examples.ts';
import type { PackedExamples } from './packed-examples.ts';

const webhookSecret = `whsec_${Buffer.from('a secret for signing webhooks').toString('base64')}`;
const teacherKey = 'chalk';
const prepareLimitMs = 90_000;

let proctoring: RealServer;
let examples: PackedExamples;
let browser: Browser;
let sitePort: number;
let nextPort: number;
/** The exam site and Next's pages with a camera in them, for browsers that cannot play a file as their camera. */
let siteWithCamera: ScriptInjectingProxy;
let nextWithCamera: ScriptInjectingProxy;

beforeAll(async () => {
  [sitePort, nextPort] = await Promise.all([freePort(), freePort()]);
  const siteUrl = `http://127.0.0.1:${sitePort}`;
  const nextUrl = `http://127.0.0.1:${nextPort}`;
  const camera = pageCamera();
  const addCamera = (url: string) => ScriptInjectingProxy.start(url, problemCollector + camera.script, camera.files);
  [siteWithCamera, nextWithCamera] = await Promise.all([addCamera(siteUrl), addCamera(nextUrl)]);
  proctoring = await RealServer.start({
    AUTH: 'jwt',
    JWT_SECRET: jwtSecret,
    WEBHOOK_SECRET: webhookSecret,
    WEBHOOK_URL: `${siteUrl}/webhooks/invigil`,
    ALLOWED_ORIGINS: [siteUrl, nextUrl, siteWithCamera.url, nextWithCamera.url].join(','),
  });
  examples = await packExamples(proctoring.url);
  browser = await chromium.launch(launchOptions(fakeCameraArguments()));
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await siteWithCamera?.close();
  await nextWithCamera?.close();
  await proctoring?.close();
  if (examples !== undefined) await rm(examples.folder, { recursive: true, force: true });
});

const startSite = (pages: string | null): Promise<ExamSite> =>
  ExamSite.start(examples.examServer, {
    PORT: String(sitePort),
    INVIGIL_URL: proctoring.url,
    INVIGIL_JWT_SECRET: jwtSecret,
    INVIGIL_WEBHOOK_SECRET: webhookSecret,
    TEACHER_KEY: teacherKey,
    ...(pages === null ? {} : { PAGES: pages }),
  });

/** The exam site with one example's pages. */
interface StartedSite {
  /** Of the pages. */
  url: string;
  reports: () => Promise<KeptReport[]>;
  stop: () => Promise<void>;
}

const startPages = async (pages: string): Promise<StartedSite> => {
  const site = await startSite(pages);
  return { url: site.url, reports: () => site.reports(teacherKey), stop: () => site.stop() };
};

/** Next renders the pages; the exam site has the exam. */
const startNext = async (): Promise<StartedSite> => {
  const site = await startSite(null);
  const pages = await NextSite.start(examples.next, nextPort, { EXAM_SERVER_URL: site.url });
  return {
    url: pages.url,
    reports: () => site.reports(teacherKey),
    async stop() {
      await pages.stop();
      await site.stop();
    },
  };
};

/** Signs in and agrees; the exam appears once the session runs. */
const beginExam = async (page: Page, url: string, student: string): Promise<void> => {
  await page.goto(url);
  await page.getByLabel('Your student number').fill(student);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.locator('invigil-proctor').getByRole('button').first().click();
  await page.locator('#exam').waitFor({ state: 'visible', timeout: prepareLimitMs });
};

const endedSessionsOf = async (student: string): Promise<number> => {
  const headers = { Authorization: `Bearer ${await tokenOf('admin', 'ADMIN')}` };
  const response = await fetch(`${proctoring.url}/api/v1/students/${student}/export`, { headers });
  return ((await response.json()) as { dumps: unknown[] }).dumps.length;
};

describe.each([
  ['plain-page', () => startPages(examples.plainPage)],
  ['react', () => startPages(examples.react)],
  ['next', startNext],
])('the exam page in %s, built from the packed packages', (name, start) => {
  let site: StartedSite;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    site = await start();
    const context = await browser.newContext({ permissions: ['camera'], locale: 'en-GB' });
    page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.text().includes('Content Security Policy'))
        problems.push(message.text());
    });
  });
  afterAll(async () => {
    await page?.context().close();
    await site?.stop();
  });

  test(
    'observes the student and ends in a report that the exam site receives',
    async () => {
      const student = `ada-${name}`;
      await beginExam(page, site.url, student);
      // The student agreed in this tab, so the session continues without a click.
      await page.reload();
      await page.locator('#exam').waitFor({ state: 'visible', timeout: prepareLimitMs });
      await page.getByLabel('Which river').fill('Danube');
      await page.getByRole('button', { name: 'Hand in' }).click();
      await expect.poll(() => page.locator('#message').innerText()).toContain('Handed in at');
      const kept = async () => (await site.reports()).filter((report) => report.student === student);
      await expect.poll(kept, { timeout: 20_000 }).toHaveLength(1);
      expect(await endedSessionsOf(student)).toBe(1);
      expect(problems).toEqual([]);
    },
    prepareLimitMs + 60_000,
  );

  test('refuses a second attempt in words that the student can read', async () => {
    await page.reload();
    await page.locator('invigil-proctor').getByRole('button').first().click();
    await expect.poll(() => page.locator('invigil-proctor .root').innerText()).toContain('handed in already');
  });
});

interface ExamplePages {
  start: () => Promise<StartedSite>;
  /** With the camera in them. */
  url: () => string;
}

const fromSite = (pages: 'react' | 'plainPage'): ExamplePages => ({
  start: () => startPages(examples[pages]),
  url: () => siteWithCamera.url,
});
const fromNext: ExamplePages = { start: startNext, url: () => nextWithCamera.url };

const inEveryBuild: [example: string, browser: 'firefox' | 'webkit', pages: ExamplePages][] = [
  ['react', 'firefox', fromSite('react')],
  ['plain-page', 'webkit', fromSite('plainPage')],
];
/** `npm run test:long` drives every example in every browser; each takes 10 to 20 s. */
const onRequest: typeof inEveryBuild = [
  ['plain-page', 'firefox', fromSite('plainPage')],
  ['next', 'firefox', fromNext],
  ['react', 'webkit', fromSite('react')],
  ['next', 'webkit', fromNext],
];

describe.each([...inEveryBuild, ...(process.env['LONG_TESTS'] === '1' ? onRequest : [])])(
  'the exam page in %s, in %s',
  (example, name, { start, url }) => {
    describe.skipIf(missingPackages(name).length > 0)('from sign-in to the report', () => {
      countInBrowser(name);
      let site: StartedSite;
      let other: OpenBrowser;
      let tab: Tab;

      beforeAll(async () => {
        site = await start();
        other = await openBrowser(name);
        tab = await other.openTab();
      }, 60_000);
      afterAll(async () => {
        await other?.close();
        await site?.stop();
      });

      test(
        'observes the student, continues after a reload and hands in',
        async () => {
          const student = `grace-${example}-${name}`;
          await tab.goto(url());
          await tab.type('[name=student]', student);
          await tab.click('#sign-in button:enabled');
          await tab.click('[data-testid=consent]');
          await tab.waitFor('#exam:not([hidden])', prepareLimitMs);
          await tab.reload();
          await tab.waitFor('#exam:not([hidden])', prepareLimitMs);
          await tab.type('[name=river]', 'Danube');
          await tab.click('#exam button');
          await expect.poll(() => tab.text('#message')).toContain('Handed in at');
          const kept = async () => (await site.reports()).filter((report) => report.student === student);
          await expect.poll(kept, { timeout: 20_000 }).toHaveLength(1);
          expect(await endedSessionsOf(student)).toBe(1);
          expect(await tab.problems()).toEqual([]);
        },
        prepareLimitMs + 60_000,
      );
    });
  },
);
