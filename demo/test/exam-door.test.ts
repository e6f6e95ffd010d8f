import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';
import { accessibilityProblems, sidewaysPx } from '@invigil/testkit/browser/accessibility';

const waitMs = 20_000;

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;

const post = async (path: string, body?: object): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
  expect(answer.ok).toBe(true);
};

/** axe's findings are the same in every language; the length of texts is not. */
const barriers = async (page: Page, language: string): Promise<string[]> => {
  const found = language === 'en' ? await accessibilityProblems(page) : [];
  for (const widthPx of [360, 1440]) {
    const overflowPx = await sidewaysPx(page, widthPx);
    if (overflowPx > 0) found.push(`${overflowPx} px too wide in a window of ${widthPx} px`);
  }
  return found;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-exam-door-'));
  server = await startServer({ folder });
  browser = await chromium.launch(launchOptions());
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const words = {
  en: { unknown: 'Exam not found', wait: 'Chemistry is not open yet', over: 'Chemistry is over' },
  de: {
    unknown: 'Prüfung nicht gefunden',
    wait: 'Chemistry ist noch nicht geöffnet',
    over: 'Chemistry ist beendet',
  },
  es: {
    unknown: 'Examen no encontrado',
    wait: 'Chemistry aún no está abierto',
    over: 'Chemistry ha terminado',
  },
} as const;

test.each(['en', 'de', 'es'] as const)(
  'shows in %s that an exam is unknown, not open, open without pressing anything, and over',
  { timeout: 90_000 },
  async (language) => {
    const examId = `door-${language}`;
    const page = await (await browser.newContext({ bypassCSP: true, locale: language })).newPage();
    const link = `${server.url}/?exam=${examId}`;
    await page.goto(link);
    await page.getByRole('heading', { name: words[language].unknown }).waitFor({ timeout: waitMs });
    expect(await barriers(page, language)).toEqual([]);
    await post('/api/v1/exams', { exam_id: examId, title: 'Chemistry' });
    await page.goto(link);
    await page.getByRole('heading', { name: words[language].wait }).waitFor({ timeout: waitMs });
    expect(await barriers(page, language)).toEqual([]);
    await post(`/api/v1/exams/${examId}/open`);
    await page.locator('#member').waitFor({ timeout: waitMs });
    expect(await page.locator('form strong').or(page.locator('.card strong')).first().innerText()).toBe('Chemistry');
    await post(`/api/v1/exams/${examId}/cancel`);
    await page.goto(link);
    await page.getByRole('heading', { name: words[language].over }).waitFor({ timeout: waitMs });
    expect(await barriers(page, language)).toEqual([]);
    await page.context().close();
  },
);

const signInWords = {
  en: 'You need to sign in first.',
  de: 'Sie müssen sich zuerst anmelden.',
  es: 'Primero debe iniciar sesión.',
} as const;

test(
  'explains in the page’s language that the student must sign in elsewhere, without protocol terms',
  { timeout: 90_000 },
  async () => {
    const environment = { AUTH: 'jwt', JWT_SECRET: 'of-the-platform-that-signs-in-the-students' };
    await mkdir(join(folder, 'strict'));
    const strict = await startServer({ folder: join(folder, 'strict'), environment });
    try {
      for (const language of ['en', 'de', 'es'] as const) {
        const context = await browser.newContext({ locale: language });
        const page = await context.newPage();
        await page.goto(strict.url);
        await page.locator('#member').fill('ada');
        await page.keyboard.press('Enter');
        const said = page.getByRole('alert');
        await expect.poll(() => said.innerText(), { timeout: waitMs }).toContain(signInWords[language]);
        expect(await said.innerText()).not.toMatch(/token/i);
        await context.close();
      }
    } finally {
      await strict.stop();
    }
  },
);
