import { simulateStudents } from '@invigil/testkit/simulated-students';
import type { StudentEvent } from '@invigil/testkit/simulated-students';
import { createCamera, prepareLimitMs, wide } from './camera.ts';
import type { Stage } from './stage.ts';

const wallStudents = 40;
/** Some readings for the charts of one student. */
const chartsFillMs = 12_000;

/** The proctor's pages, with simulated students. */
export const takeProctorPages = async ({ browser, serverUrl, forReadme }: Stage): Promise<void> => {
  const page = await browser.newPage({ viewport: wide, locale: 'en-GB' });
  const take = createCamera(page, { forReadme });
  await page.goto(new URL('/proctor/', serverUrl).href);
  await page.locator('[data-exams=shown]').waitFor();
  await take('exams');
  const memberIds = Array.from({ length: wallStudents }, (_, index) => `s-${101 + index}`);
  await page.locator('#exam-title').fill('Physics I, written exam');
  await page.locator('#exam-students').fill(memberIds.map((id, index) => `${id}, Student ${index + 1}`).join('\n'));
  await page.keyboard.press('Tab');
  await page.locator('form .button').first().click();
  await page.waitForURL(/exam=/);
  await page.getByTestId('step-open').click();
  await page.locator('.tile').first().waitFor();
  await take('exam-waiting', false);
  await page.getByTestId('step-start').click();
  await page.getByTestId('step-complete').waitFor();
  const examId = new URL(page.url()).searchParams.get('exam') ?? '';
  const simulated = await simulateStudents({ serverUrl, examId, memberIds: memberIds.slice(0, -2) });
  try {
    const show = (index: number, event: StudentEvent): void => {
      simulated.students[index]!.event = event;
    };
    show(5, 'phone');
    show(14, 'phone');
    show(9, 'covered');
    show(2, 'absent');
    await page.locator('.alert').nth(1).waitFor({ timeout: prepareLimitMs });
    simulated.students[7]!.socket.terminate();
    await page.locator('.tile[data-need=lost]').waitFor();
    await take('wall', false);
    await page.locator('[data-key="s-106"]').click();
    await page.locator('dialog.student canvas').nth(4).waitFor();
    await page.locator('dialog.student textarea').nth(1).fill('A phone on the desk, at the left.');
    await page.locator('dialog.student .write .save button').nth(1).click();
    await page.waitForTimeout(chartsFillMs);
    await take('wall-student', false);
    await page.keyboard.press('Escape');
    await page.locator('.alert .button').first().click();
    await page.getByTestId('taken').locator('summary').click();
    await take('wall-taken', false);
    await page.getByTestId('step-complete').click();
    await take('exam-complete', false);
    await page.getByTestId('confirm-yes').click();
    await page.locator('[data-exam-status=COMPLETED]').waitFor();
    await take('exam-completed');
    await page.getByRole('link', { name: 'Student 6', exact: true }).click();
    await page.waitForURL(/report/);
    await page.locator('.mark-button').first().click();
    await take('report-review');
  } finally {
    simulated.stop();
  }
  await page.close();
};
