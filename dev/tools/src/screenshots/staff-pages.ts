import { join } from 'node:path';
import type { Page } from 'playwright';
import { accessibilityProblems } from '@invigil/testkit/browser/accessibility';
import { simulateStudents } from '@invigil/testkit/simulated-students';
import { createCamera, outFolder, overflowPx, prepareLimitMs, wide } from './camera.ts';
import type { Stage } from './stage.ts';

/** Sizes of class: a small one, a usual one, and a whole year. */
export const classSizes = [3, 100, 500] as const;
/** Some readings for charts, coverage and reports. */
const sessionMs = 15_000;
const eventful = ['phone', 'absent', 'covered'] as const;
const densities = ['Table', 'Compact', 'Tiles'] as const;

const send = async (serverUrl: string, method: string, path: string, body: object = {}): Promise<void> => {
  const response = await fetch(new URL(path, serverUrl), {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
};

const createExam = async (serverUrl: string, examId: string, memberIds: readonly string[]): Promise<void> => {
  const title = `Physics I, written exam with ${memberIds.length} students`;
  const policy = {
    breaks: true,
    history: true,
    organiser: { name: 'Northfield College', contact: 'exams@northfield.example' },
  };
  await send(serverUrl, 'POST', '/api/v1/exams', { exam_id: examId, title, duration_minutes: 90, policy });
  const students = memberIds.map((id, index) => ({ student_id: id, student_name: `Student ${index + 1}` }));
  await send(serverUrl, 'POST', `/api/v1/exams/${examId}/enrolments`, { students });
  const accommodations = [{ name: 'reads aloud', off: ['talking'], longer: { looking_away: 2 } }];
  await send(serverUrl, 'PUT', `/api/v1/exams/${examId}/accommodations/${memberIds[1]}`, { accommodations });
};

type Look = (name: string, fullPage?: boolean) => Promise<void>;

const setUp = async (page: Page, path: string, examId: string, look: Look): Promise<void> => {
  await page.goto(path);
  await page.locator('[data-exams=shown]').waitFor();
  await look('exams');
  await page.goto(`/setup/?exam=${examId}`);
  await page.locator('[data-student]').getByText('reads aloud').waitFor();
  const lines = ['Name;Student ID', '"Lovelace, Ada";s-1', 'Grace Hopper;s-9001', 'Eve;/etc'];
  const buffer = Buffer.from(lines.join('\n'));
  await page.locator('#student-file').setInputFiles({ name: 'class.csv', mimeType: 'text/csv', buffer });
  await page.locator('.preview-table').waitFor();
  await look('setup');
  await page.getByRole('button', { name: /^Accommodations for Student 2$/ }).click();
  await look('setup-accommodations', false);
  await page.keyboard.press('Escape');
};

const watchWall = async (page: Page, look: Look): Promise<void> => {
  for (const density of densities) {
    await page.getByRole('radio', { name: density }).check();
    await look(`wall-${density.toLowerCase()}`, false);
  }
  await page.locator('[data-key="s-1"]').click();
  await page.locator('dialog.student canvas').nth(4).waitFor();
  await look('wall-student', false);
  await page.keyboard.press('Escape');
};

/** The page as it is printed. */
const print = async (page: Page, name: string): Promise<void> => {
  await page.pdf({ path: join(outFolder, `${name}.pdf`), format: 'A4', printBackground: true });
};

const review = async (page: Page, examId: string, look: Look): Promise<void> => {
  await page.goto(`/proctor/?exam=${examId}`);
  await page.locator('[data-exam-status=COMPLETED]').waitFor();
  await look('exam-completed');
  await page.goto(`/review/?exam=${examId}`);
  await page.getByRole('table').waitFor({ timeout: prepareLimitMs });
  const boxes = page.locator('.review-table input[type=checkbox]');
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByTestId('bulk').locator('summary').click();
  await look('review');
  await print(page, `staff-${examId}-review`);
  await page.locator('.review-table th a').first().click();
  await page.getByTestId('coverage').waitFor();
  await page.getByTestId('replay').getByRole('button').first().click();
  await page.locator('.replay-scene svg').waitFor();
  await look('report');
  await print(page, `staff-${examId}-report`);
  await page.goto('/review/?student=s-1');
  await page.locator('[data-student-history="1"]').waitFor();
  await look('history');
  await page.goto('/review/');
  await page.locator('[data-rule-outcomes=shown]').waitFor();
  await look('rules');
};

/**
 * Screenshots of all staff pages with the given number of students, from the exam list to the report.
 * @returns barriers and sideways scrolling that were found, as text
 */
export const takeStaffPages = async ({ browser, serverUrl }: Stage, classSize: number): Promise<string[]> => {
  const options = { viewport: wide, locale: 'en-GB', baseURL: serverUrl, bypassCSP: true };
  const page = await browser.newPage(options);
  const take = createCamera(page, { forReadme: false });
  const found: string[] = [];
  const look: Look = async (name, fullPage) => {
    const full = `staff-${classSize}-${name}`;
    await take(full, fullPage, async (state) => {
      const px = await overflowPx(page);
      const problems = await accessibilityProblems(page);
      found.push(...problems.map((problem) => `${full} ${state}: ${problem}`));
      if (px > 0) found.push(`${full} ${state}: ${px} px too wide`);
    });
  };
  const examId = `class-of-${classSize}`;
  const memberIds = Array.from({ length: classSize }, (_, index) => `s-${index + 1}`);
  await createExam(serverUrl, examId, memberIds);
  await setUp(page, '/proctor/', examId, look);
  for (const step of ['open', 'start']) await send(serverUrl, 'POST', `/api/v1/exams/${examId}/${step}`);
  const simulated = await simulateStudents({ serverUrl, examId, memberIds });
  try {
    for (const [index, event] of eventful.entries()) simulated.students[index]!.event = event;
    await page.goto(`/proctor/?exam=${examId}`);
    await page.locator('.alert').first().waitFor({ timeout: prepareLimitMs });
    await page.waitForTimeout(sessionMs);
    await watchWall(page, look);
  } finally {
    simulated.stop();
  }
  await send(serverUrl, 'POST', `/api/v1/exams/${examId}/complete`);
  await review(page, examId, look);
  await page.close();
  return found;
};
