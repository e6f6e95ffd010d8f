import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '@invigil/protocol/report';
import { repositoryFolder } from '@invigil/testkit/repository';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';
import { simulateStudents } from '@invigil/testkit/simulated-students';
import { accessibilityProblems, lowControls, sidewaysPx } from '@invigil/testkit/browser/accessibility';

const soonMs = 15_000;

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;
let page: Page;
let examId: string;
let students: Awaited<ReturnType<typeof simulateStudents>>;
const pageErrors: string[] = [];

const barriers = async (): Promise<string[]> => {
  const found = await accessibilityProblems(page);
  for (const widthPx of [360, 1440]) {
    const overflowPx = await sidewaysPx(page, widthPx);
    if (overflowPx > 0) found.push(`${overflowPx} px too wide in a window of ${widthPx} px`);
  }
  return [...found, ...(await lowControls(page))];
};

/** Seats on the wall are found by the student's number. */
const tile = (key: string) => page.locator('.tile').filter({ has: page.locator(`[data-key="${key}"]`) });
const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-key') ?? null);
const studentOf = (memberId: string) => {
  const student = students.students.find((candidate) => candidate.memberId === memberId);
  if (student === undefined) throw new Error(`no seat has the number ${memberId}`);
  return student;
};

beforeAll(async () => {
  if (!existsSync(join(repositoryFolder, 'demo/dist/site/proctor/index.html')))
    throw new Error('build the pages: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'invigil-proctor-test-'));
  server = await startServer({ folder });
  browser = await chromium.launch(launchOptions());
  // axe is injected into the page; the page's own policy would block it.
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    bypassCSP: true,
    locale: 'en-GB',
  });
  page = await context.newPage();
  page.setDefaultTimeout(soonMs);
  page.on('pageerror', (error) => pageErrors.push(error.message));
});

afterAll(async () => {
  students?.stop();
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a teacher and an exam, from its creation to a reviewed report', { timeout: 60_000 }, () => {
  test('creates an exam, and reports the line of the students that is invalid', async () => {
    await page.goto(`${server.url}/proctor/`);
    await page.locator('[data-exams=shown]').waitFor();
    expect(await barriers()).toEqual([]);
    await page.getByLabel('Title').fill('Physics I');
    await page.getByRole('textbox', { name: 'Students' }).fill('a-1, Ada Lovelace\n/b, Grace');
    await page.getByRole('button', { name: 'Create exam' }).click();
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('/b, Grace');
    await page.getByRole('textbox', { name: 'Students' }).fill('a-1, Ada Lovelace\na-2, Grace Hopper\na-3, Alan');
    await page.getByRole('button', { name: 'Create exam' }).click();
    await page.waitForURL(/\/proctor\/\?exam=/);
    examId = new URL(page.url()).searchParams.get('exam') ?? '';
    await tile('a-3').waitFor();
    expect(await tile('a-1').innerText()).toContain('not connected yet');
    expect(await barriers()).toEqual([]);
  });

  test('opens and starts it', async () => {
    await page.getByRole('button', { name: 'Open waiting room' }).click();
    await page.getByRole('button', { name: 'Start exam' }).click();
    await page.locator('[data-exam-status=IN_PROGRESS]').waitFor();
    await expect.poll(() => page.locator('.badge').innerText()).toBe('In progress');
  });

  test('shows the students as they connect, with their readings', async () => {
    students = await simulateStudents({ serverUrl: server.url, examId, memberIds: ['a-1', 'a-2', 'a-3'] });
    for (const key of ['a-1', 'a-2', 'a-3'])
      await page.locator('.tile[data-delivery=live]').locator(`[data-key="${key}"]`).waitFor();
    await expect.poll(() => tile('a-1').innerText()).toMatch(/Faces\s+1[^]*Observed/);
  });

  test('shows an alert, puts its student first, and acknowledges it by keyboard from the tile', async () => {
    studentOf('a-3').event = 'phone';
    await expect.poll(() => page.getByTestId('open-alerts').innerText(), { timeout: soonMs }).toBe('1 open alert');
    expect(await page.locator('.alert-group').innerText()).toMatch(/Alan[^]*Phone in view/);
    await expect.poll(() => page.getByTestId('status-strip').innerText()).toMatch(/3 live[^]*0 lost[^]*1 alert/);
    await expect.poll(() => page.title()).toMatch(/^\(1\) /);
    await expect.poll(() => page.locator('.wall li[aria-posinset="1"]').innerText()).toContain('Alan');
    expect(await barriers()).toEqual([]);
    await page.locator('[data-key="a-3"]').focus();
    await page.keyboard.press('a');
    await expect.poll(() => page.getByTestId('open-alerts').innerText()).toBe('No open alerts.');
    await page.getByTestId('taken').locator('summary').click();
    await expect.poll(() => page.getByTestId('taken').innerText()).toMatch(/Phone in view, Alan – dev/);
    studentOf('a-3').event = null;
  });

  test('is navigated by keyboard, and closing a student restores the focus', async () => {
    await page.locator('[data-key="a-1"]').focus();
    await page.keyboard.press('End');
    await expect.poll(focused).toBe('a-2');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Home');
    const first = await focused();
    await page.keyboard.press('Enter');
    const dialog = page.locator(`dialog[data-student="${first}"]`);
    await dialog.waitFor();
    await dialog.locator('canvas').nth(4).waitFor();
    expect(await barriers()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await focused()).toBe(first);
  });

  test('searches and filters', async () => {
    await page.getByLabel('Search by name or number').fill('hop');
    await expect.poll(() => page.locator('.tile').count()).toBe(1);
    await page.getByLabel('Search by name or number').fill('');
    await page.getByRole('radio', { name: 'Needs attention' }).check({ force: true });
    await expect.poll(() => page.locator('.tile').count()).toBe(0);
    await page.getByRole('radio', { name: 'All 3' }).check({ force: true });
  });

  test('shows who is no longer connected', async () => {
    studentOf('a-2').socket.terminate();
    await page.locator('.tile[data-need=lost]').locator('[data-key="a-2"]').waitFor();
    expect(await tile('a-2').innerText()).toContain('disconnected');
    await page.reload();
    await expect.poll(() => tile('a-2').locator('.tile-coverage').innerText()).toMatch(/^live \d/);
  });

  test('asks before it completes the exam, and links to the reports', async () => {
    await page.getByTestId('step-complete').click();
    expect(await page.locator('dialog[open] button').allInnerTexts()).toEqual(['Go back', 'Complete exam']);
    await page.keyboard.press('Escape');
    await page.locator('[data-exam-status=IN_PROGRESS]').waitFor();
    await page.getByTestId('step-complete').click();
    await page.getByTestId('confirm-yes').click();
    await page.locator('[data-exam-status=COMPLETED]').waitFor();
    expect(await barriers()).toEqual([]);
    await page.getByRole('link', { name: 'Alan' }).click();
    await page.waitForURL(/\/report\//);
    await expect
      .poll(
        async () => {
          await page.reload();
          return page.locator('[data-report]:not([data-report=loading])').getAttribute('data-report');
        },
        { timeout: 60_000 },
      )
      .toBe('shown');
  });

  test('stores the review of an observation, and the decision', async () => {
    await page.getByText('Ended').first().waitFor();
    await page
      .getByRole('button', { name: /Phone in view, from/ })
      .first()
      .click();
    await page.getByLabel('Confirmed', { exact: true }).check();
    await page.getByRole('textbox', { name: 'Note' }).fill('A calculator.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => page.getByTestId('mark').innerText()).toBe('Confirmed – dev: A calculator.');
    expect(await barriers()).toEqual([]);
    await page.getByLabel('Follow up with the student').check();
    await page.getByRole('button', { name: 'Save decision' }).click();
    await expect.poll(() => page.getByTestId('decision').innerText()).toMatch(/Reviewed by dev/);
    const sessionId = new URL(page.url()).searchParams.get('session') ?? '';
    const report = (await (await fetch(`${server.url}/api/v1/session/${sessionId}/report`)).json()) as Report;
    expect(report.review).toMatchObject({ status: 'reviewed', outcome: 'follow_up', by: 'dev' });
    expect(report.review.observations).toMatchObject([{ mark: 'confirmed', note: 'A calculator.' }]);
  });

  test('lists page events under their own heading', async () => {
    const lanes = page.getByRole('group', { name: 'Page', exact: true }).locator('.lane-name');
    expect(await lanes.allInnerTexts()).toEqual(['Page events']);
  });

  test('zooms into a part of the session', async () => {
    const width = () =>
      page
        .locator('.mark-button')
        .first()
        .evaluate((mark) => mark.getBoundingClientRect().width);
    const stretch = page.locator('.zoom [role=status]');
    const [before, whole] = [await width(), await stretch.innerText()];
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await expect.poll(() => stretch.innerText()).not.toBe(whole);
    await page.getByRole('button', { name: 'Whole session' }).click();
    await expect.poll(() => stretch.innerText()).toBe(whole);
    expect(await width()).toBeCloseTo(before, 0);
  });

  test('raised no error in any page', () => {
    expect(pageErrors).toEqual([]);
  });
});

describe('problem states of the proctor’s page', () => {
  test('reports an unknown exam', async () => {
    await page.goto(`${server.url}/proctor/?exam=none-of-ours`);
    await page.getByText('Exam not found').waitFor();
    expect(await barriers()).toEqual([]);
  });

  test('reports that another window has the alerts, and takes them back', async () => {
    const body = JSON.stringify({ exam_id: 'second', title: 'Second', policy: {} });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${server.url}/api/v1/exams`, { method: 'POST', headers, body })).status).toBe(201);
    await page.goto(`${server.url}/proctor/?exam=second`);
    await page.getByText('No students yet.').waitFor();
    const other = await page.context().newPage();
    await other.goto(`${server.url}/proctor/?exam=second`);
    await page.getByText('Your alerts are now shown in another window.').waitFor();
    expect(await barriers()).toEqual([]);
    await page.getByRole('button', { name: 'Show them here' }).click();
    await other.getByText('Your alerts are now shown in another window.').waitFor();
    await page.getByText('Your alerts are now shown in another window.').waitFor({ state: 'detached' });
    await other.close();
  });

  test('reports that the server is unreachable', async () => {
    await server.stop();
    await expect
      .poll(() => page.getByTestId('links').innerText(), { timeout: soonMs })
      .toContain('Disconnected from the server');
    expect(await barriers()).toEqual([]);
  });
});
