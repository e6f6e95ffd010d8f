import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchOptions } from '../../scripts/chromium.mjs';
import { startServer } from '../../scripts/rehearse/server-process.mjs';
import { accessibilityProblems, sidewaysPx } from './accessibility.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const narrowPx = 360;

const titles = {
  en: {
    '/': 'Begin a sitting',
    '/check/': 'Camera check',
    '/exam/': 'Before the camera is switched on',
    '/report/': 'Which session?',
    '/proctor/': 'Exams',
  },
  de: {
    '/': 'Eine Sitzung beginnen',
    '/check/': 'Kameraprobe',
    '/exam/': 'Bevor die Kamera eingeschaltet wird',
    '/report/': 'Welche Sitzung?',
    '/proctor/': 'Prüfungen',
  },
  es: {
    '/': 'Comenzar una sesión',
    '/check/': 'Prueba de cámara',
    '/exam/': 'Antes de encender la cámara',
    '/report/': '¿Qué sesión?',
    '/proctor/': 'Exámenes',
  },
} as const;

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;

const newPage = async (locale: string): Promise<Page> => {
  // axe is put into the page, which the pages' own policy would not let in.
  const context = await browser.newContext({ bypassCSP: true, locale });
  return context.newPage();
};

beforeAll(async () => {
  if (!existsSync(join(root, 'demo/dist/site/index.html'))) throw new Error('the pages are not built: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'invigil-languages-'));
  server = await startServer({ root, folder });
  browser = await chromium.launch(launchOptions());
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(['en', 'de', 'es'] as const)('the pages in %s', (language) => {
  it('follow the browser, say their language, and fit into a narrow window', { timeout: 60_000 }, async () => {
    const page = await newPage(language);
    for (const [path, title] of Object.entries(titles[language])) {
      await page.goto(`${server.url}${path}`);
      await page.getByRole('heading', { name: title }).first().waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(language);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await sidewaysPx(page, narrowPx)).toBe(0);
    }
    await page.context().close();
  });
});

describe('?lang=', () => {
  it('goes before the browser’s language, also on the pages after', async () => {
    const page = await newPage('en-GB');
    await page.goto(`${server.url}/?lang=de`);
    await page.getByLabel('Ihre Matrikelnummer oder ein Spitzname').fill('ada');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/check\//);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Kameraprobe');
    await page.context().close();
  });
});
