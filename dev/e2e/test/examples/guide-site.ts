import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { expect } from 'vitest';
import { guideExample } from '@invigil/testkit/guide-example';
import { GuideShell } from './guide-shell.ts';

const prepareLimitMs = 90_000;

export interface GuideSiteOptions {
  /** Clone whose packages are packed; built. */
  repository: string;
  /** The exam site's folder. */
  folder: string;
  siteUrl: string;
  proctorUrl: string;
  /** For the exam site's server. */
  environment?: Record<string, string>;
}

/** The exam site that the guide ends with. */
export class GuideSite {
  readonly #options: GuideSiteOptions;

  constructor(options: GuideSiteOptions) {
    this.#options = options;
  }

  /** One of the guide's examples, with this site's addresses and folder. */
  example(name: string): Promise<string> {
    const { folder, siteUrl, proctorUrl } = this.#options;
    return guideExample(name, {
      'wss://proctor.example.edu': proctorUrl.replace('http', 'ws'),
      'https://proctor.example.edu': proctorUrl,
      '../exam-site': folder,
      'http://127.0.0.1:8080': siteUrl,
      'listen(8080,': `listen(${new URL(siteUrl).port},`,
    });
  }

  /** Follows the guide's steps up to the running site. */
  async start(): Promise<GuideShell> {
    const { repository, folder, siteUrl, environment } = this.#options;
    await new GuideShell(await this.example('pack'), repository).finish();
    const printed = await new GuideShell(await this.example('install'), repository).finish();
    expect(printed).toContain(`Content-Security-Policy: ${await this.example('policy')}`);
    expect(printed).toContain('all as their checksums say');
    await mkdir(join(folder, 'public'), { recursive: true });
    await writeFile(join(folder, 'server.js'), await this.example('server'));
    await writeFile(join(folder, 'index.html'), await this.example('page'));
    await writeFile(join(folder, 'public/exam.js'), await this.example('script'));
    const site = new GuideShell(await this.example('run'), folder, environment);
    await expect.poll(() => site.output).toContain(`exam site: ${siteUrl}`);
    return site;
  }

  /** Takes the exam and hands in. @returns the session's id */
  async takeExam(browser: Browser): Promise<string> {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const response = await page.goto(this.#options.siteUrl);
    expect(response?.headers()['content-security-policy']).toBe(await this.example('policy'));
    const sessionId = (await page.locator('invigil-proctor').getAttribute('session-id')) ?? '';
    await page.getByTestId('consent').click();
    await page.locator('#exam').waitFor({ timeout: prepareLimitMs });
    const frames = page.locator('[data-frames]');
    await expect.poll(async () => Number(await frames.getAttribute('data-frames'))).toBeGreaterThan(5);
    await page.getByLabel('Which river').fill('Danube');
    await page.getByRole('button', { name: 'Hand in' }).click();
    await expect.poll(() => page.locator('#message').innerText()).toBe('Handed in.');
    await context.close();
    return sessionId;
  }
}
