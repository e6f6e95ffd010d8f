import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import { accessibilityProblems, lowControls, sidewaysPx } from '@invigil/testkit/browser/accessibility';
import { useDemoBrowser } from './support/demo-browser.ts';

/** A window of 1280 px at a zoom of 400 %: WCAG 1.4.10. */
const narrowPx = 320;

/** The spacing that WCAG 1.4.12 names. @returns the texts that are then cut off */
const cutOffWhenSpaced = async (page: Page): Promise<string[]> => {
  const content =
    '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }';
  const style = await page.addStyleTag({ content });
  const cutOff = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main *, header *')]
      .filter((element) => {
        const isHidden =
          getComputedStyle(element).overflowX === 'hidden' || getComputedStyle(element).overflowY === 'hidden';
        const isForReaders = element.clientWidth <= 1;
        const isLarger =
          element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
        return isHidden && !isForReaders && isLarger && element.innerText !== '';
      })
      .map(({ innerText }) => innerText),
  );
  await style.evaluate((element) => (element as Element).remove());
  return cutOff;
};

const titles = {
  en: {
    '/': 'Start an exam',
    '/check/': 'Camera check',
    '/exam/': 'Before the camera is switched on',
    '/report/': 'Which session?',
    '/proctor/': 'Exams',
  },
  de: {
    '/': 'Prüfung beginnen',
    '/check/': 'Kameratest',
    '/exam/': 'Bevor die Kamera eingeschaltet wird',
    '/report/': 'Welche Sitzung?',
    '/proctor/': 'Prüfungen',
  },
  es: {
    '/': 'Comenzar un examen',
    '/check/': 'Prueba de cámara',
    '/exam/': 'Antes de encender la cámara',
    '/report/': '¿Qué sesión?',
    '/proctor/': 'Exámenes',
  },
} as const;

const demo = useDemoBrowser();

const newPage = async (locale: string): Promise<Page> => {
  // axe is injected into the page; the page's own policy would block it.
  const context = await demo.browser.newContext({ bypassCSP: true, locale });
  return context.newPage();
};

test('the pages are in English where the browser names no valid language', { timeout: 60_000 }, async () => {
  const page = await newPage('en');
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'language', { get: () => 'c' });
    Object.defineProperty(Navigator.prototype, 'languages', { get: () => ['c', 'x_YZ.UTF-8', ''] });
  });
  for (const [path, title] of Object.entries(titles.en)) {
    await page.goto(`${demo.server.url}${path}`);
    await page.getByRole('heading', { name: title }).first().waitFor();
  }
  expect(errors).toEqual([]);
  await page.context().close();
});

describe.each(['en', 'de', 'es'] as const)('the pages in %s', (language) => {
  test(
    'follow the browser’s language, declare it, and fit into a narrow window with any spacing',
    { timeout: 60_000 },
    async () => {
      const page = await newPage(language);
      for (const [path, title] of Object.entries(titles[language])) {
        await page.goto(`${demo.server.url}${path}`);
        await page.getByRole('heading', { name: title }).first().waitFor();
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
        expect(await accessibilityProblems(page)).toEqual([]);
        expect(await sidewaysPx(page, narrowPx)).toBe(0);
        expect(await lowControls(page)).toEqual([]);
        expect(await cutOffWhenSpaced(page)).toEqual([]);
      }
      await page.context().close();
    },
  );
});

/** A 20 s session, long enough for a baseline; optionally with a gaze calibration. */
const sit = async (memberId: string, posture: object): Promise<string> => {
  const post = async (path: string, body: object): Promise<{ session_id: string }> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(demo.server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.ok).toBe(true);
    return answer.status === 204 ? { session_id: '' } : ((await answer.json()) as { session_id: string });
  };
  const { session_id } = await post('/api/v1/session/start', { exam_id: 'languages', member_id: memberId });
  // The server accepts frames up to 30 s ahead of its clock as live.
  const startedMs = Date.now();
  const frames = Array.from({ length: 100 }, (_, seq) => ({
    seq,
    timestamp: startedMs + seq * 200,
    no_of_face: 1,
    ...posture,
  }));
  await post('/api/v1/session/ws/fallback', { session_id, type: 'batch', frames });
  await post(`/api/v1/session/${session_id}/end`, {});
  return session_id;
};

const startMs = Date.UTC(2026, 0, 5, 9);
const place = { face_x: 300, face_y: 200, face_w: 120, image_width: 640 };
const calibration = { state: 'calibrated', at: startMs, error_deg: 2.1, head_yaw: 0.02, head_pitch: 0.1 };

describe('the student’s baseline', () => {
  test.each(['en', 'de', 'es'] as const)(
    'fits into a narrow window in %s, including the calibration',
    { timeout: 60_000 },
    async (language) => {
      const sessionId = await sit(`sat-${language}`, { ...place, head_yaw: 0.22, head_pitch: -0.1, calibration });
      const page = await newPage(language);
      await page.setViewportSize({ width: narrowPx, height: 800 });
      await page.goto(`${demo.server.url}/report/?session=${sessionId}`);
      const table = page.getByTestId('baseline').locator('.table');
      await table.waitFor();
      expect(await table.locator('tbody tr').count()).toBe(3);
      expect(await table.evaluate((region) => region.scrollWidth - region.clientWidth)).toBe(0);
      await page.context().close();
    },
  );

  test('shows no table without readings', { timeout: 60_000 }, async () => {
    const sessionId = await sit('sat-unknown', {});
    const page = await newPage('en');
    await page.goto(`${demo.server.url}/report/?session=${sessionId}`);
    await expect.poll(() => page.getByTestId('baseline').innerText()).toContain('Not enough readings.');
    expect(await page.getByTestId('baseline').locator('table').count()).toBe(0);
    await page.context().close();
  });
});

describe('?lang=', () => {
  test('takes precedence over the browser’s language, also on later pages', async () => {
    const page = await newPage('en-GB');
    await page.goto(`${demo.server.url}/?lang=de`);
    await page.getByLabel('Matrikelnummer oder Spitzname').fill('ada');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/check\//);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Kameratest');
    await page.context().close();
  });
});
