import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { launchOptions } from '@invigil/testkit/browser/chromium';
import { createCamera, prepareLimitMs, wide } from './camera.ts';
import type { Stage } from './stage.ts';

/** Enough for panel and charts to have something to show. */
const someReadings = 40;

const readings = (page: Page, count: number) =>
  page.waitForFunction(
    (wanted) =>
      Number(
        document
          .querySelector('invigil-proctor')
          ?.shadowRoot?.querySelector('[data-frames]')
          ?.getAttribute('data-frames'),
      ) >= wanted,
    count,
    { timeout: prepareLimitMs },
  );

const post = async (url: string, body: object): Promise<void> => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
};

const sessionIn = (page: Page): string | null => new URL(page.url()).searchParams.get('session');

/** The student's pages: from the start to the report. */
export const takeStudentPages = async ({ browser, serverUrl, forReadme }: Stage): Promise<void> => {
  const page = await browser.newPage({ viewport: wide, locale: 'en-GB' });
  const take = createCamera(page, { forReadme });
  await page.goto(serverUrl);
  await take('start');
  await post(`${serverUrl}/api/v1/exams`, { exam_id: 'geography', title: 'Geography', policy: { breaks: true } });
  await page.goto(new URL('/?exam=geography', serverUrl).href);
  await page.getByText('is not open yet').waitFor();
  await take('start-not-open');
  await post(`${serverUrl}/api/v1/exams/geography/open`, {});
  await page.locator('#member').waitFor();
  await page.getByRole('textbox').first().fill('ada');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/check\//);
  await take('check-before');
  await page.getByTestId('camera-on').click();
  await page.locator('[data-check=checking]').waitFor({ timeout: prepareLimitMs });
  await page.getByText('Your face is clearly in view.').waitFor({ timeout: prepareLimitMs });
  await take('check');
  await page.locator('.checking .button').first().click();
  await page.waitForURL(/\/exam\//);
  await take('consent');
  await page.getByTestId('consent').click();
  await page.locator('[data-exam-stage=running]').waitFor({ timeout: prepareLimitMs });
  await page.locator('.panel summary').first().click();
  await readings(page, someReadings);
  await take('exam', false);
  const guide = (what: string, body: object): Promise<void> =>
    post(`${serverUrl}/api/v1/session/${sessionIn(page)}/${what}`, body);
  await guide('messages', { text: 'The exam ends a quarter of an hour later, because the bell rang.' });
  await page.getByTestId('messages-read').waitFor();
  await take('exam-message', false);
  await page.getByTestId('messages-read').click();
  await page.getByTestId('pause').click();
  await take('exam-break', false);
  await page.getByTestId('resume').click();
  await page.context().setOffline(true);
  await page.locator('.status.wait').waitFor({ timeout: prepareLimitMs });
  await take('exam-offline', false);
  await page.context().setOffline(false);
  await page.getByTestId('end').click();
  await take('end', false);
  await page.getByTestId('end-confirm').click();
  const handedIn = page.getByTestId('handed-in');
  await handedIn.waitFor({ timeout: prepareLimitMs });
  await take('handed-in');
  await handedIn.getByRole('link').click();
  await page.waitForURL(/\/report\//, { timeout: prepareLimitMs });
  await page.getByTestId('coverage').waitFor();
  await take('report');
  await page.goto(new URL('/report/', serverUrl).href);
  await take('report-which');
};

/** The camera check on a device without a camera. */
export const takeWithoutCamera = async (serverUrl: string): Promise<void> => {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(new URL('/check/', serverUrl).href);
    await page.getByTestId('camera-on').click();
    await page.getByRole('alert').waitFor({ timeout: prepareLimitMs });
    await createCamera(page, { forReadme: false })('no-camera');
  } finally {
    await browser.close();
  }
};
