import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems } from '@invigil/testkit/browser/accessibility';
import { simulateStudents } from '@invigil/testkit/simulated-students';
import type { SimulatedClass } from '@invigil/testkit/simulated-students';
import { useDemoBrowser } from './support/demo-browser.ts';

const studentCount = 100;
const reviewedCount = 30;
const memberIds = Array.from({ length: studentCount }, (_, index) => `s-${101 + index}`);
const phoneStudent = memberIds[70] ?? '';
const api = '/api/v1/exams/hundred';

const demo = useDemoBrowser();
let students: SimulatedClass;
let page: Page;

const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
  const answer = await fetch(demo.server.url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect({ path, ok: answer.ok }).toEqual({ path, ok: true });
  return answer.status === 204 ? null : answer.json();
};

/** Counts the clicks of one job on this page and its next ones. */
const clicks = async (job: () => Promise<void>): Promise<number> => {
  let count = 0;
  const counted = 'clickOfTheTest';
  const listen = (message: { text(): string }): void => {
    if (message.text() === counted) count += 1;
  };
  page.on('console', listen);
  await page.evaluate((text) => {
    const scope = globalThis as unknown as { isCounting?: boolean };
    if (scope.isCounting === true) return;
    scope.isCounting = true;
    addEventListener('click', ({ isTrusted }) => isTrusted && console.log(text), true);
  }, counted);
  await job();
  page.off('console', listen);
  return count;
};

const textsSentTo = async (memberId: string): Promise<string[]> => {
  const session = students.students.find((student) => student.memberId === memberId);
  const { audit } = (await ask('GET', `/api/v1/session/${session?.sessionId}/audit`)) as {
    audit: { action: string; detail: { text?: string } | null }[];
  };
  return audit.flatMap(({ action, detail }) => (action === 'session.message' ? [detail?.text ?? ''] : []));
};

beforeAll(async () => {
  await ask('POST', '/api/v1/exams', { exam_id: 'hundred', title: 'Physics I', duration_minutes: 60 });
  const enrolled = memberIds.map((id, index) => ({ student_id: id, student_name: `Student ${index + 1}` }));
  await ask('POST', `${api}/enrolments`, { students: enrolled });
  await ask('POST', `${api}/open`);
  await ask('POST', `${api}/start`);
  students = await simulateStudents({ serverUrl: demo.server.url, examId: 'hundred', memberIds });
  page = await demo.browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'en-GB', bypassCSP: true });
  await page.goto(`${demo.server.url}/proctor/?exam=hundred`);
  await page.locator(`.wall[data-seats="${studentCount}"]`).waitFor();
}, 60_000);
afterAll(() => students?.stop());

describe.runIf(process.env['LONG_TESTS'] === '1')('one proctor and a hundred students', { timeout: 60_000 }, () => {
  test('who needs attention is found without a click', async () => {
    const student = students.students.find(({ memberId }) => memberId === phoneStudent);
    if (student === undefined) throw new Error('no such student');
    student.event = 'phone';
    const used = await clicks(async () => {
      await page.locator('.wall li[aria-posinset="1"]').locator(`[data-key="${phoneStudent}"]`).waitFor();
    });
    expect(used).toBe(0);
    expect(await page.getByTestId('status-strip').innerText()).toMatch(/100 live[^]*0 lost[^]*1 alert/);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('a message to one student takes two clicks', async () => {
    const used = await clicks(async () => {
      await page.locator(`[data-key="${phoneStudent}"]`).click();
      await page.getByRole('button', { name: 'Please put your phone out of reach.' }).click();
      await page.getByText('Sent.').waitFor();
    });
    expect(used).toBe(2);
    expect(await textsSentTo(phoneStudent)).toEqual(['Please put your phone out of reach.']);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('a message to all takes two clicks', async () => {
    const used = await clicks(async () => {
      await page.getByRole('button', { name: 'Message to all' }).click();
      await page.getByRole('button', { name: '10 minutes left.' }).click();
      await page.getByText(`Sent to ${studentCount} students.`).waitFor();
    });
    expect(used).toBe(2);
    expect(await textsSentTo('s-150')).toEqual(['10 minutes left.']);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('an alert is taken with its outcome by one click, and by keyboard alone', async () => {
    const used = await clicks(async () => {
      await page.getByRole('button', { name: 'Spoke to student: Phone in view, Student 71' }).click();
      await page.getByText('No open alerts.').waitFor();
    });
    expect(used).toBe(1);
    await page.getByRole('button', { name: 'Extra time' }).focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Minutes').fill('5');
    await page.keyboard.press('Enter');
    await page.getByText(`Changed for ${studentCount} students.`).waitFor();
    await page.keyboard.press('Escape');
  });

  test('ending one session takes two clicks', async () => {
    const used = await clicks(async () => {
      await page.locator('[data-key="s-101"]').click();
      await page.getByTestId('end-session').click();
      await page.getByText('The session has ended.').waitFor();
    });
    expect(used).toBe(2);
    await page.keyboard.press('Escape');
    await page.locator('[data-item=finished]').getByText('1 finished').waitFor();
  });

  test('thirty reports are reviewed in order of priority with two clicks each, and exported', async () => {
    students.stop();
    await ask('POST', `${api}/complete`);
    await expect
      .poll(async () => ((await ask('GET', `${api}/reports`)) as { counts: { all: number } }).counts.all, {
        timeout: 40_000,
      })
      .toBe(studentCount);
    await page.goto(`${demo.server.url}/review/?exam=hundred`);
    await page.locator(`[data-review-list="${studentCount}"]`).waitFor();
    await page.getByRole('button', { name: /^Review the next report/ }).click();
    for (let reviewed = 0; reviewed < reviewedCount; reviewed += 1) {
      const address = page.url();
      await page.locator('[data-report=shown]').waitFor();
      const used = await clicks(async () => {
        await page.getByTestId('review-bar').getByRole('button', { name: 'No follow-up needed' }).click();
        await page.getByTestId('review-bar').locator('[aria-pressed=true]').waitFor();
        await page.getByTestId('review-bar').getByRole('link').click();
      });
      expect(used).toBe(2);
      await page.waitForURL((url) => url.href !== address);
    }
    const { counts } = (await ask('GET', `${api}/reports`)) as { counts: Record<string, number> };
    expect(counts).toMatchObject({ all: studentCount, open: studentCount - reviewedCount });
    await page.goto(`${demo.server.url}/review/?exam=hundred`);
    await page.locator(`[data-review-list="${studentCount}"]`).waitFor();
    const download = page.waitForEvent('download');
    const used = await clicks(() => page.getByRole('button', { name: 'Download as CSV' }).click());
    const file = await (await download).path();
    expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(studentCount + 1);
    expect(used).toBe(1);
  });
});
