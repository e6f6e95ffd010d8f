import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { guideExample } from '@invigil/testkit/guide-example';
import { repositoryFolder } from '@invigil/testkit/repository';
import { RealServer } from '@invigil/testkit/server/real-server';
import { freePort } from '@invigil/testkit/services/free-port';
import { jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

const prepareLimitMs = 90_000;

let folder: string;
let siteUrl: string;
let proctoring: RealServer;
let browser: Browser;

/** The guide's example, with the addresses and the folder of this test. */
const example = (name: string): Promise<string> =>
  guideExample(name, {
    'wss://proctor.example.edu': proctoring.url.replace('http', 'ws'),
    'https://proctor.example.edu': proctoring.url,
    '../exam-site': folder,
    'http://127.0.0.1:8080': siteUrl,
    'listen(8080,': `listen(${new URL(siteUrl).port},`,
  });

/** A shell that runs one of the guide's examples, in a process group of its own. */
class GuideShell {
  output = '';
  readonly #child: ChildProcess;

  constructor(commands: string, cwd: string, environment: Record<string, string> = {}) {
    this.#child = spawn('bash', ['-e', '-c', commands], {
      cwd,
      env: { ...process.env, npm_config_prefer_offline: 'true', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  /** Rejects with what the commands printed if one of them fails. */
  async finish(): Promise<string> {
    const [code] = (await once(this.#child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`the guide's commands failed: ${this.output}`);
    return this.output;
  }

  /** As Ctrl+C does. */
  async interrupt(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    process.kill(-(this.#child.pid ?? 0), 'SIGINT');
    await closed;
  }

  /** Whether a process of its group still runs. */
  isRunning(): boolean {
    try {
      return process.kill(-(this.#child.pid ?? 0), 0);
    } catch {
      return false;
    }
  }
}

beforeAll(async () => {
  siteUrl = `http://127.0.0.1:${await freePort()}`;
  folder = await mkdtemp(join(tmpdir(), 'invigil-guide-'));
  proctoring = await RealServer.start({ AUTH: 'jwt', JWT_SECRET: jwtSecret, ALLOWED_ORIGINS: siteUrl });
  browser = await chromium.launch(launchOptions(fakeCameraArguments()));
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await proctoring?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Follows the guide's steps up to the running site. Needs `npm run build`. */
const followGuide = async (): Promise<GuideShell> => {
  await new GuideShell(await example('pack'), repositoryFolder).finish();
  const printed = await new GuideShell(await example('install'), folder).finish();
  expect(printed).toContain(`Content-Security-Policy: ${await example('policy')}`);
  expect(printed).toContain('all as their checksums say');
  await mkdir(join(folder, 'public'), { recursive: true });
  await writeFile(join(folder, 'server.js'), await example('server'));
  await writeFile(join(folder, 'index.html'), await example('page'));
  await writeFile(join(folder, 'public/exam.js'), await example('script'));
  const site = new GuideShell(await example('run'), folder, { INVIGIL_TOKEN: await tokenOf('exam-site', 'ADMIN') });
  await expect.poll(() => site.output).toContain(`exam site: ${siteUrl}`);
  return site;
};

test(
  'the embed guide, followed word for word in an empty folder, ends in a report and leaves nothing running',
  async () => {
    const site = await followGuide();
    try {
      const context = await browser.newContext({ locale: 'en-GB' });
      const page = await context.newPage();
      const response = await page.goto(siteUrl);
      expect(response?.headers()['content-security-policy']).toBe(await example('policy'));
      const sessionId = (await page.locator('invigil-proctor').getAttribute('session-id')) ?? '';
      await page.getByTestId('consent').click();
      await page.locator('#exam').waitFor({ timeout: prepareLimitMs });
      const frames = page.locator('[data-frames]');
      await expect.poll(async () => Number(await frames.getAttribute('data-frames'))).toBeGreaterThan(5);
      await page.getByLabel('Which river').fill('Danube');
      await page.getByRole('button', { name: 'Hand in' }).click();
      await expect.poll(() => page.locator('#message').innerText()).toBe('Handed in.');
      expect(site.output).toMatch(/report: risk \d+ of 100, \d+ observations/);
      const token = await tokenOf('exam-site', 'ADMIN');
      const [session, report] = await Promise.all(
        [sessionId, `${sessionId}/report`].map(async (path) => (await proctoring.request('GET', path, token)).json()),
      );
      expect(session).toMatchObject({ exam_id: 'geography-1', member_id: 'ada', status: 'ended' });
      expect(report.integrity.frames).toBeGreaterThan(5);
      await context.close();
    } finally {
      await site.interrupt();
    }
    expect(site.isRunning()).toBe(false);
    await expect(fetch(siteUrl)).rejects.toThrow('fetch failed');
  },
  prepareLimitMs + 60_000,
);
