import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright';
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

export interface TakenExam {
  sessionId: string;
  /** The page's Content-Security-Policy. */
  policy: string | null;
  /** What the page said after the hand-in. */
  message: string;
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
    const install = new GuideShell(await this.example('install'), repository);
    await install.finish();
    await install.printed(`Content-Security-Policy: ${await this.example('policy')}`);
    await install.printed('all as their checksums say');
    await mkdir(join(folder, 'public'), { recursive: true });
    await writeFile(join(folder, 'server.js'), await this.example('server'));
    await writeFile(join(folder, 'index.html'), await this.example('page'));
    await writeFile(join(folder, 'public/exam.js'), await this.example('script'));
    const site = new GuideShell(await this.example('run'), folder, environment);
    await site.printed(`exam site: ${siteUrl}`);
    return site;
  }

  /** Takes the exam and hands in. */
  async takeExam(browser: Browser): Promise<TakenExam> {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const response = await page.goto(this.#options.siteUrl);
    if (response?.ok() !== true) throw new Error(`the exam site answered: ${await page.locator('body').innerText()}`);
    const sessionId = (await page.locator('invigil-proctor').getAttribute('session-id')) ?? '';
    await page.getByTestId('consent').click();
    await page.locator('#exam').waitFor({ timeout: prepareLimitMs });
    const frames = page.locator('[data-frames]');
    while (Number(await frames.getAttribute('data-frames')) <= 5) await page.waitForTimeout(100);
    await page.getByLabel('Which river').fill('Danube');
    await page.getByRole('button', { name: 'Hand in' }).click();
    const message = page.locator('#message').filter({ hasText: /./ });
    const taken = {
      sessionId,
      policy: response.headers()['content-security-policy'] ?? null,
      message: await message.innerText(),
    };
    await context.close();
    return taken;
  }
}
