import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { guideExample } from '@invigil/testkit/guide-example';
import { repositoryFolder } from '@invigil/testkit/repository';
import { RealServer } from '@invigil/testkit/server/real-server';
import { freePort } from '@invigil/testkit/services/free-port';
import { jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { GuideShell } from './guide-shell.ts';
import { GuideSite } from './guide-site.ts';

const examLimitMs = 150_000;
const reportLine = /report: risk \d+ of 100, \d+ observations/;

let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-guide-'));
  browser = await chromium.launch(launchOptions(fakeCameraArguments()));
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const ownUrl = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`;

test(
  'the embed guide, followed word for word in an empty folder, ends in a report and leaves nothing running',
  async () => {
    const siteUrl = await ownUrl();
    const proctoring = await RealServer.start({ AUTH: 'jwt', JWT_SECRET: jwtSecret, ALLOWED_ORIGINS: siteUrl });
    try {
      const token = await tokenOf('exam-site', 'ADMIN');
      const guide = new GuideSite({
        repository: repositoryFolder,
        folder: join(folder, 'exam-site'),
        siteUrl,
        proctorUrl: proctoring.url,
        environment: { INVIGIL_TOKEN: token },
      });
      const site = await guide.start();
      const { sessionId, ...taken } = await guide.takeExam(browser).finally(() => site.interrupt());
      expect(taken).toEqual({ policy: await guide.example('policy'), message: 'Handed in.' });
      expect(site.output).toMatch(reportLine);
      const [session, report] = await Promise.all(
        [sessionId, `${sessionId}/report`].map(async (path) => (await proctoring.request('GET', path, token)).json()),
      );
      expect(session).toMatchObject({ exam_id: 'geography-1', member_id: 'ada', status: 'ended' });
      expect(report.integrity.frames).toBeGreaterThan(5);
      expect(site.isRunning()).toBe(false);
      await expect(fetch(siteUrl)).rejects.toThrow('fetch failed');
    } finally {
      await proctoring.close();
    }
  },
  examLimitMs,
);

/** `npm run test:long` runs it: it installs and builds the whole repository. */
test.runIf(process.env['LONG_TESTS'] === '1')(
  'from a fresh clone, the guide starts its own server too, and leaves nothing running',
  async () => {
    const clone = join(folder, 'clone');
    await new GuideShell(`git clone --quiet '${repositoryFolder}' '${clone}'`, folder).finish();
    const [siteUrl, proctorUrl] = [await ownUrl(), await ownUrl()];
    const commands = await guideExample('proctor', { 'http://127.0.0.1:8080': siteUrl });
    const proctor = new GuideShell(commands, clone, { PORT: new URL(proctorUrl).port });
    const isHealthy = (): Promise<boolean> =>
      fetch(`${proctorUrl}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    try {
      while (!(await isHealthy())) {
        if (!proctor.isRunning()) throw new Error(`the guide's server stopped: ${proctor.output}`);
        await delay(1000);
      }
      const guide = new GuideSite({ repository: clone, folder: join(folder, 'new-site'), siteUrl, proctorUrl });
      const site = await guide.start();
      const { sessionId, ...taken } = await guide.takeExam(browser).finally(() => site.interrupt());
      expect(taken).toEqual({ policy: await guide.example('policy'), message: 'Handed in.' });
      expect(site.output).toMatch(reportLine);
      const report = await fetch(`${proctorUrl}/api/v1/session/${sessionId}/report`);
      expect(((await report.json()) as { integrity: { frames: number } }).integrity.frames).toBeGreaterThan(5);
      expect(site.isRunning()).toBe(false);
    } finally {
      await proctor.interrupt();
    }
    expect(proctor.isRunning()).toBe(false);
    await expect(fetch(proctorUrl)).rejects.toThrow('fetch failed');
  },
  900_000,
);
