import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { accessibilityProblems, lowControls, sidewaysPx } from '@invigil/testkit/browser/accessibility';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { repositoryFolder } from '@invigil/testkit/repository';
import { clockOf, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';

const site = join(repositoryFolder, 'demo/dist/site');
const studentCount = 36;
const reviewedOneByOne = 30;

let server: TestServer;
let browser: Browser;
let page: Page;
let nowMs = Date.now();

const post = async (path: string, body: object = {}) => {
  const answer = await server.ask('POST', path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.json;
};

/** Ten seconds of frames; the first `phones` of them show a phone. */
const framesWith = (phones: number): object[] =>
  Array.from({ length: 50 }, (_, seq) => ({
    seq,
    timestamp: nowMs + seq * 200,
    no_of_face: 1,
    face_x: 300 + seq / 7,
    face_y: 220,
    face_w: 130,
    face_h: 170,
    head_yaw: 0.1,
    head_pitch: -0.05,
    image_width: 640,
    image_height: 480,
    phone_present: seq < phones ? 1 : 0,
    phone_conf: seq < phones ? 90 : 3,
    ...(seq < phones ? { phone_x: 480, phone_y: 380, phone_w: 70, phone_h: 110 } : {}),
  }));

/** An exam that is over, with a report for each student; those with even numbers had a phone in view. */
const sitExam = async (): Promise<void> => {
  const students = Array.from({ length: studentCount }, (_, at) => ({
    student_id: `student-${String(at).padStart(2, '0')}`,
    student_name: `Student ${String(at).padStart(2, '0')}`,
  }));
  await post('/api/v1/exams', { exam_id: 'review', title: 'Physics' });
  await post('/api/v1/exams/review/enrolments', { students });
  await post('/api/v1/exams/review/open');
  await post('/api/v1/exams/review/start');
  const sessions: string[] = [];
  for (const { student_id } of students) {
    sessions.push((await post('/api/v1/session/start', { exam_id: 'review', member_id: student_id })).session_id);
  }
  for (const [at, session_id] of sessions.entries()) {
    const frames = framesWith(at % 2 === 0 ? 20 + at / 2 : 0);
    await post('/api/v1/session/ws/fallback', { session_id, type: 'batch', frames });
  }
  nowMs += 10_000;
  for (const id of sessions) await post(`/api/v1/session/${id}/end`);
  await post('/api/v1/exams/review/complete');
};

beforeAll(async () => {
  if (!existsSync(join(site, 'review/index.html'))) throw new Error('build the pages: npm run build');
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
  // axe is injected into the page; the page's own policy would block it.
  page = await (await browser.newContext({ bypassCSP: true, locale: 'en' })).newPage();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await removeFolders();
});

const openList = async (target = page): Promise<void> => {
  await target.goto(`${server.origin}/review/?exam=review`);
  await target.getByRole('table').waitFor();
};
const prioritiesIn = (target: Page): Promise<number[]> =>
  target.locator('tbody tr td:nth-of-type(2)').evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));
const counts = async () => (await server.ask('GET', '/api/v1/exams/review/reports')).json.counts;

describe('the reports of an exam', () => {
  test('are listed by priority, and filtered by status, observation and name', async () => {
    await openList();
    const priorities = await prioritiesIn(page);
    expect(priorities).toHaveLength(studentCount);
    expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
    expect(priorities[0]).toBeGreaterThan(priorities.at(-1) ?? 0);
    await page.getByRole('searchbox').fill('student 07');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(1);
    await page.getByRole('searchbox').fill('');
    await page.locator('select').nth(1).selectOption('phone_visible');
    await expect.poll(() => page.locator('tbody tr').count()).toBe(studentCount / 2);
  });

  test('are compared two at a time', async () => {
    await openList();
    for (const name of ['Compare Student 34', 'Compare Student 35']) await page.getByLabel(name).check();
    const compared = page.getByTestId('compare');
    await compared.waitFor();
    expect(await compared.locator('thead th').allInnerTexts()).toEqual(['Figure', 'Student 34', 'Student 35']);
  });

  test('are downloaded as CSV, all of them', async () => {
    await openList();
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as CSV' }).click();
    const stream = await (await waiting).createReadStream();
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(text.trim().split('\r\n')).toHaveLength(studentCount + 1);
  });

  test.each(['en', 'de', 'es'])('are accessible and fit a phone, in %s', async (locale) => {
    const context = await browser.newContext({ bypassCSP: true, locale });
    const other = await context.newPage();
    await openList(other);
    expect(await accessibilityProblems(other)).toEqual([]);
    for (const widthPx of [360, 1440, 1920]) expect(await sidewaysPx(other, widthPx)).toBe(0);
    expect(await lowControls(other)).toEqual([]);
    const folder = process.env['SCREENSHOTS'];
    if (folder !== undefined && locale === 'en') {
      for (const colorScheme of ['light', 'dark'] as const) {
        await other.emulateMedia({ colorScheme });
        for (const width of [360, 1440, 1920]) {
          await other.setViewportSize({ width, height: 1080 });
          await other.screenshot({ path: join(folder, `review-${width}-${colorScheme}.png`) });
        }
      }
    }
    await context.close();
  });
});

describe('a review', () => {
  test(
    `of ${reviewedOneByOne} reports takes two clicks each, in the order of priority`,
    { timeout: 120_000 },
    async () => {
      await openList();
      await page.keyboard.press('n');
      let clicks = 0;
      const seen: number[] = [];
      for (let at = 0; at < reviewedOneByOne; at += 1) {
        const bar = page.getByTestId('review-bar');
        await bar.waitFor();
        const session = new URL(page.url()).searchParams.get('session') ?? '';
        seen.push((await server.ask('GET', `/api/v1/session/${session}/report`)).json.risk.value);
        await bar.getByRole('button', { name: 'Inconclusive' }).click();
        await bar.getByText('Saved').waitFor();
        await bar.getByRole('link', { name: 'Next undecided report' }).click();
        clicks += 2;
        await page.waitForURL((url) => url.searchParams.get('session') !== session);
      }
      expect(clicks).toBeLessThanOrEqual(2 * reviewedOneByOne);
      expect(seen).toEqual(seen.toSorted((a, b) => b - a));
      expect((await counts()).open).toBe(studentCount - reviewedOneByOne);
    },
  );

  test('of the rest is recorded at once, within limits that the reviewer sets', async () => {
    await openList();
    await page.getByText('Decide on many at once').click();
    const bulk = page.getByTestId('bulk');
    await bulk.getByLabel('Coverage at least (%)').fill('0');
    await bulk.getByRole('button', { name: 'Count the reports' }).click();
    await bulk.getByRole('button', { name: `Record for ${studentCount - reviewedOneByOne} reports` }).click();
    await bulk.getByText('Recorded for').waitFor();
    await page.getByText('Every report has been reviewed.').waitFor();
    expect(await counts()).toMatchObject({ open: 0, reviewed: studentCount });
  });

  test('leaves its decisions in the statistics of the rules', async () => {
    const { json } = await server.ask('GET', '/api/v1/exams/review/reports?type=phone_visible&limit=1');
    const [report] = json.reports;
    const { observations } = (await server.ask('GET', `/api/v1/session/${report.session_id}/report`)).json;
    const marks = observations.map(({ id }: { id: string }) => ({ id, mark: 'dismissed' }));
    await server.ask('PUT', `/api/v1/session/${report.session_id}/review`, { observations: marks });
    await page.goto(`${server.origin}/review/`);
    await page.getByRole('heading', { name: 'Outcomes of alerts' }).waitFor();
    const row = page.getByRole('row').filter({ hasText: 'Phone' });
    expect(await row.locator('td').first().innerText()).toBe(String(studentCount / 2));
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});

test('a report names its student and exam, and leads back to the list', async () => {
  const { json } = await server.ask('GET', '/api/v1/exams/review/reports?limit=1');
  await page.goto(`${server.origin}/report/?session=${json.reports[0].session_id}`);
  await page.locator('dd', { hasText: json.reports[0].student_name }).waitFor();
  await page.locator('dd', { hasText: 'Physics' }).waitFor();
  await page.getByRole('link', { name: 'All reports of this exam' }).click();
  await page.getByRole('table').waitFor();
  expect(new URL(page.url()).search).toBe('?exam=review');
});

describe('the replay of a report', () => {
  const atFirst = async (): Promise<string> => {
    const { json } = await server.ask('GET', '/api/v1/exams/review/reports?type=phone_visible&limit=1');
    return json.reports[0].session_id;
  };
  const attribute = (name: string) => page.locator('.replay-scene svg').getAttribute(name);

  test('draws at an observation’s time what the observation says, and not after it', async () => {
    const session = await atFirst();
    await page.goto(`${server.origin}/report/?session=${session}`);
    await page.locator('.observation summary').first().click();
    await page.getByRole('button', { name: 'Show in the replay' }).first().click();
    await expect.poll(() => attribute('data-phone')).toBe('true');
    expect(await page.locator('.replay-scene .phone rect').count()).toBe(1);
    expect(await page.getByTestId('replay-now').innerText()).toContain('Phone in view');
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    await expect.poll(() => attribute('data-phone')).toBe('false');
    expect(await page.locator('.replay-scene .head').count()).toBe(1);
    expect(await page.getByTestId('replay-now').innerText()).toContain('no observation');
  });

  test('is used with the keyboard alone: jump, move, play', async () => {
    await page.keyboard.press('p');
    await expect.poll(() => attribute('data-phone')).toBe('true');
    const clock = page.getByTestId('replay-clock');
    const before = await clock.innerText();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('PageUp');
    expect(await clock.innerText()).not.toBe(before);
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(() => clock.innerText()).not.toContain('0:00 /');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  });

  test('is accessible and fits a phone', async () => {
    expect(await accessibilityProblems(page)).toEqual([]);
    for (const widthPx of [360, 1440, 1920]) expect(await sidewaysPx(page, widthPx)).toBe(0);
    expect(await lowControls(page)).toEqual([]);
    const folder = process.env['SCREENSHOTS'];
    if (folder === undefined) return;
    for (const [width, colorScheme] of [
      [360, 'dark'],
      [1440, 'light'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 1000 });
      await page.getByTestId('replay').screenshot({ path: join(folder, `replay-${width}-${colorScheme}.png`) });
    }
  });
});
