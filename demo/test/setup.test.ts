import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { useDemoBrowser } from './support/demo-browser.ts';

const demo = useDemoBrowser();

/** Moves the focus with Tab, as a person without a pointer does, until it is on the element. */
const tabTo = async (page: Page, selector: string): Promise<void> => {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`Tab does not reach ${selector}`);
};
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

test('an exam is set up by keyboard alone, and dialogs return the focus', { timeout: 60_000 }, async () => {
  const page = await demo.browser.newPage({ baseURL: demo.server.url, locale: 'en-GB' });
  await page.goto('/setup/');
  await tabTo(page, '#setup-title');
  await page.keyboard.type('Physics I');
  await tabTo(page, '#setup-minutes');
  await page.keyboard.type('90');
  await tabTo(page, '#setup-liveView');
  await page.keyboard.press('ArrowDown');
  await tabTo(page, '#setup-breaks');
  await page.keyboard.press('Space');
  await tabTo(page, '#setup-history');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /Physics I/ }).waitFor();

  // Before the keys, because the browser needs a moment to hand its dialogs over to the test.
  const chooser = page.waitForEvent('filechooser');
  await tabTo(page, '#student-file');
  await page.keyboard.press('Enter');
  const buffer = Buffer.from('Name,ID\nAda Lovelace,a-1\nAlan Turing,a-2\n');
  await (await chooser).setFiles({ name: 'class.csv', mimeType: 'text/csv', buffer });
  await page.locator('.preview-table').waitFor();
  await tabTo(page, '[data-testid=student-file] .buttons .button');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Students (2)' }).waitFor();

  await tabTo(page, '[aria-haspopup=dialog][aria-label$="Alan Turing"]');
  await page.keyboard.press('Enter');
  await page.locator('dialog.accommodations').waitFor();
  await page.keyboard.press('Escape');
  expect(await focused(page)).toBe('Accommodations for Alan Turing');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await tabTo(page, '[data-testid=confirm-yes]');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Students (1)' }).waitFor();
  // The button that had the focus is gone with its row.
  expect(await focused(page)).toBe('Students (1)');

  const exams = (await (await fetch(new URL('/api/v1/exams', demo.server.url))).json()) as { exams: object[] };
  expect(exams.exams).toMatchObject([{ title: 'Physics I', duration_minutes: 90 }]);
  await page.close();
});
