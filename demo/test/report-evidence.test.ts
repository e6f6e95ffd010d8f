import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessibilityProblems, sidewaysPx } from '@invigil/testkit/browser/accessibility';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { repositoryFolder } from '@invigil/testkit/repository';
import { clockOf, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';

const site = join(repositoryFolder, 'demo/dist/site');
const seenTexts = {
  en: ['Arrived late', 'break that was not allowed', 'answers were given while not observed', 'out of order'],
  de: ['Verspätet eingetroffen', 'nicht erlaubte Pause', 'Antworten wurden gegeben', 'falscher Reihenfolge'],
  es: ['Llegó tarde', 'descanso no permitido', 'respuestas se dieron sin observación', 'fuera de orden'],
} as const;

let server: TestServer;
let browser: Browser;
let sessionId: string;
let nowMs = Date.now();

const post = async (path: string, body: object = {}) => {
  const answer = await server.ask('POST', path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.json;
};

const start = async (): Promise<string> =>
  (await post('/api/v1/session/start', { exam_id: 'evidence', member_id: 'ada' })).session_id;

/** Frames at the times of the list, all received now. */
const send = (firstSeq: number, fromMs: number, count: number, extra: object = {}) =>
  post('/api/v1/session/ws/fallback', {
    session_id: sessionId,
    type: 'batch',
    frames: Array.from({ length: count }, (_, at) => ({
      seq: firstSeq + at,
      timestamp: fromMs + at * 200,
      no_of_face: 1,
      face_x: 300 + at / 7,
      ...extra,
    })),
  });

const answer = (questionNumber: number) =>
  post('/api/v1/exams/evidence/answers', {
    student_id: 'ada',
    question_id: `q${questionNumber}`,
    question_number: questionNumber,
    answer: 'x',
  });

/** A minute seen live with a phone, a minute that arrived late, a break that was not allowed, and answers after the end. */
const sitExam = async (): Promise<void> => {
  await post('/api/v1/exams', { exam_id: 'evidence', title: 'Evidence', policy: { breaks: false } });
  await post('/api/v1/exams/evidence/enrolments', { students: [{ student_id: 'ada', student_name: 'Ada' }] });
  await post('/api/v1/exams/evidence/open');
  await post('/api/v1/exams/evidence/start');
  const earlier = await start();
  nowMs += 5000;
  await post(`/api/v1/session/${earlier}/end`);
  nowMs += 5000;
  sessionId = await start();
  for (let at = 0; at < 6; at += 1) {
    await send(at * 50, nowMs, 50, at === 2 ? { phone_present: 1, phone_conf: 90 } : {});
    nowMs += 10_000;
  }
  await answer(1);
  const outageMs = nowMs;
  nowMs += 60_000;
  await send(300, outageMs, 300);
  await answer(2);
  await send(600, nowMs, 50, { not_observed: 'paused' });
  nowMs += 10_000;
  await send(650, nowMs - 70_000, 10);
  await post(`/api/v1/session/${sessionId}/end`);
  nowMs += 90_000;
  await answer(3);
  await answer(4);
};

beforeAll(async () => {
  if (!existsSync(join(site, 'report/index.html'))) throw new Error('build the pages: npm run build');
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  server = await startServer(
    { AUTH: 'dev', DEMO_DIR: site },
    {},
    undefined,
    clockOf(() => nowMs),
  );
  try {
    await sitExam();
  } finally {
    // Later files share this process.
    vi.restoreAllMocks();
  }
  browser = await chromium.launch(launchOptions());
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await removeFolders();
});

describe.each(['en', 'de', 'es'] as const)('a report of what the server saw, in %s', (language) => {
  test('tells the kinds of coverage apart and is accessible, narrow and wide', { timeout: 60_000 }, async () => {
    // axe is injected into the page; the page's own policy would block it.
    const page = await (await browser.newContext({ bypassCSP: true, locale: language })).newPage();
    await page.goto(`${server.origin}/report/?session=${sessionId}`);
    await page.getByTestId('work').waitFor();
    const text = await page.locator('main').innerText();
    for (const seen of seenTexts[language]) expect(text).toContain(seen);
    expect(await page.getByTestId('work').locator('tbody tr').count()).toBe(4);
    expect(await page.getByTestId('alerts').locator('li').count()).toBeGreaterThan(0);
    expect(await page.getByTestId('other-sessions').locator('a').count()).toBe(1);
    expect(await page.locator('.track.observed .late-span').count()).toBe(1);
    // A browser's translator leaves numbers alone; "48.8 s (48 %)" has no word.
    const translated = await page
      .locator('main .number:not([translate=no])')
      .evaluateAll((marked) =>
        marked.map(({ textContent }) => textContent).filter((shown) => !/\p{L}{3}/u.test(shown)),
      );
    expect(translated.filter((shown) => /\d/.test(shown))).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const widthPx of [360, 1440]) expect(await sidewaysPx(page, widthPx)).toBe(0);
    const folder = process.env['SCREENSHOTS'];
    if (folder !== undefined) {
      for (const [width, colorScheme] of [
        [390, 'light'],
        [1280, 'dark'],
        [1280, 'light'],
        [390, 'dark'],
      ] as const) {
        await page.setViewportSize({ width, height: 900 });
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(folder, `report-${language}-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
    await page.context().close();
  });
});
