import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { makeFolder } from '@invigil/testkit/server/ingest-server';
import { startServer } from '@invigil/testkit/server/server-process';
import { accessibilityProblems, sidewaysPx } from '@invigil/testkit/browser/accessibility';
import { useDemoBrowser } from './support/demo-browser.ts';

const waitMs = 20_000;

const demo = useDemoBrowser();

const post = async (path: string, body?: object): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(demo.server.url + path, { method: 'POST', headers, body: JSON.stringify(body ?? {}) });
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
    const page = await (await demo.browser.newContext({ bypassCSP: true, locale: language })).newPage();
    const link = `${demo.server.url}/?exam=${examId}`;
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

test(
  'continues to the address of the exam’s own page, with the exam and the session',
  { timeout: 60_000 },
  async () => {
    const examUrl = 'https://school.example/exam?course=7';
    await post('/api/v1/exams', { exam_id: 'elsewhere', title: 'Chemistry', policy: { exam_url: examUrl } });
    await post('/api/v1/exams/elsewhere/open');
    const context = await demo.browser.newContext({ locale: 'en' });
    await context.route('https://school.example/**', (route) => route.fulfill({ body: 'the exam’s own page' }));
    const page = await context.newPage();
    await page.goto(`${demo.server.url}/?exam=elsewhere`);
    await page.locator('#member').fill('ada');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Skip to the exam' }).click();
    await page.waitForURL('https://school.example/**', { timeout: waitMs });
    const address = new URL(page.url());
    expect(address.pathname).toBe('/exam');
    expect(Object.fromEntries(address.searchParams)).toEqual({
      course: '7',
      exam: 'elsewhere',
      session: expect.stringMatching(/./),
    });
    await context.close();
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
    const strict = await startServer({ folder: await makeFolder(), environment });
    try {
      for (const language of ['en', 'de', 'es'] as const) {
        const context = await demo.browser.newContext({ locale: language });
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
