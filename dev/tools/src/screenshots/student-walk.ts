import type { Page } from 'playwright';
import type { ExamTeacher } from './exam-teacher.ts';
import { cameraInPage, setCamera, unplugCamera } from './walk-camera.ts';

/** Called at each place of the walk, with its name. */
export type Visit = (place: string, page: Page) => Promise<void>;

export interface WalkOptions {
  /** A new page of a browser with a fake camera. */
  page: Page;
  serverUrl: string;
  language: 'en' | 'de' | 'es';
  teacher: ExamTeacher;
  visit: Visit;
}

/** Downloading weights and compiling, on a busy machine. */
const prepareLimitMs = 120_000;

/** In a small window, the line is there for screen readers only. */
const attached = { state: 'attached', timeout: prepareLimitMs } as const;

const stage = (page: Page, name: string): Promise<void> =>
  page.locator(`[data-exam-stage=${name}]`).waitFor({ timeout: prepareLimitMs });

/** Before the exam: the rules, the camera that does not work in three ways, and a trial run that the teacher sees. */
const before = async ({ page, serverUrl, language, teacher, visit }: WalkOptions): Promise<void> => {
  const link = new URL(await teacher.linkOf('ada'), serverUrl);
  link.searchParams.set('lang', language);
  await page.goto(link.href);
  await page.getByTestId('rules').waitFor({ timeout: prepareLimitMs });
  await visit('01-not-open-yet', page);
  await page.getByTestId('practice').click();
  await page.getByTestId('camera-on').waitFor({ timeout: prepareLimitMs });
  await visit('02-camera-why', page);
  await setCamera(page, 'denied');
  await page.getByTestId('camera-on').click();
  const again = page.locator('.notice .button').first();
  for (const [camera, error, place] of [
    ['denied', 'NotAllowedError', '03-camera-denied'],
    ['missing', 'NotFoundError', '04-camera-missing'],
    ['in_use', 'NotReadableError', '05-camera-in-use'],
  ] as const) {
    await setCamera(page, camera);
    if (camera !== 'denied') await again.click();
    await page.getByText(error).waitFor({ timeout: prepareLimitMs });
    await visit(place, page);
  }
  await setCamera(page, 'works');
  await again.click();
  await page.locator('[data-check=checking] [data-good=true]').nth(3).waitFor({ timeout: prepareLimitMs });
  await visit('06-camera-check', page);
  await page.locator('#practice-answer').fill('Lisboa');
  await page.getByTestId('practice-done').click();
  await page.locator('.notice a.button').waitFor();
  await visit('07-checked', page);
};

/** The fake camera's person does not follow the dots, so calibration ends with rough gaze directions only. */
const calibrate = async ({ page, visit }: WalkOptions): Promise<void> => {
  const dialog = page.locator('[data-invigil-calibration]');
  await page.locator('[data-calibration] .button').click();
  await dialog.locator('.begin').waitFor({ timeout: prepareLimitMs });
  await visit('09-calibration', page);
  await dialog.locator('.begin').click();
  await dialog
    .locator('.step')
    .filter({ hasText: /^3 .* 9$/ })
    .waitFor({ timeout: prepareLimitMs });
  await visit('10-calibration-dots', page);
  await page.locator('[data-calibration=too_poor]').waitFor({ timeout: prepareLimitMs });
  await visit('11-calibrated', page);
};

/** From the open exam to the first question: camera check with calibration, consent declined and given. */
const consent = async (options: WalkOptions): Promise<void> => {
  const { page, teacher, visit } = options;
  await teacher.step('open');
  await teacher.step('start');
  await page.locator('.notice a.button').click();
  await page.getByTestId('begin').waitFor({ timeout: prepareLimitMs });
  await visit('08-open', page);
  await page.getByTestId('begin').click();
  await page.getByTestId('camera-on').click();
  await page.locator('[data-check=checking] [data-good=true]').nth(3).waitFor({ timeout: prepareLimitMs });
  await calibrate(options);
  await page.locator('.checking .button').first().click();
  await page.getByTestId('organiser').waitFor();
  await visit('12-consent', page);
  await page.getByTestId('decline').click();
  await visit('13-declined', page);
  await page.getByTestId('reconsider').click();
  await page.getByTestId('consent').click();
  await stage(page, 'preparing');
  await visit('14-preparing', page);
  await stage(page, 'running');
};

const openPanel = async (page: Page): Promise<void> => {
  const toggle = page.getByTestId('bar-toggle');
  if ((await toggle.isVisible()) && (await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
};

const closePanel = async (page: Page): Promise<void> => {
  const toggle = page.getByTestId('bar-toggle');
  if ((await toggle.isVisible()) && (await toggle.getAttribute('aria-expanded')) === 'true') await toggle.click();
};

/** Long enough for an observation, which the student sees and later contests. */
const leaveSeat = async ({ page, visit }: WalkOptions): Promise<void> => {
  await setCamera(page, 'empty');
  await unplugCamera(page);
  await page.locator('.panel .notes li').first().waitFor(attached);
  await visit('20-not-in-view', page);
  await setCamera(page, 'works');
  await unplugCamera(page);
  await page.locator('[data-testid=observed].calm').waitFor(attached);
};

/** During the exam: help, a message, a break, a camera that is unplugged, an empty seat, no connection, a reload. */
const during = async (options: WalkOptions): Promise<void> => {
  const { page, teacher, visit } = options;
  const delivered = page.locator('[data-testid=delivery].calm');
  await delivered.waitFor(attached);
  await visit('15-running', page);
  await openPanel(page);
  await page.getByTestId('help').click();
  await page.getByTestId('help-text').fill('Question 2 has two right answers.');
  await visit('16-ask-for-help', page);
  await page.getByTestId('help-send').click();
  await page.getByTestId('help').waitFor();
  await teacher.reply('ada', 'Thank you. Choose the larger one.');
  await page.getByTestId('messages-read').waitFor({ timeout: prepareLimitMs });
  await closePanel(page);
  await visit('17-message', page);
  await page.getByTestId('messages-read').click();
  await openPanel(page);
  await page.getByTestId('pause').click();
  await closePanel(page);
  await visit('18-break', page);
  await page.getByTestId('resume').click();
  await page.getByTestId('resume').waitFor({ state: 'detached', timeout: prepareLimitMs });
  await setCamera(page, 'missing');
  await unplugCamera(page);
  await page.locator('.panel [role=alert]').waitFor({ timeout: prepareLimitMs });
  await visit('19-camera-unplugged', page);
  await setCamera(page, 'works');
  await page.locator('.panel [role=alert]').waitFor({ state: 'detached', timeout: prepareLimitMs });
  await leaveSeat(options);
  await page.context().setOffline(true);
  await page.locator('[data-testid=delivery].wait').waitFor(attached);
  await visit('21-offline', page);
  await page.context().setOffline(false);
  await delivered.waitFor(attached);
  await page.reload();
  await stage(page, 'running');
  await delivered.waitFor(attached);
  await visit('22-after-reload', page);
};

/** After the exam: what happens next, the student's data, the report with a contested observation, and a link that no longer works. */
const after = async ({ page, serverUrl, teacher, visit }: WalkOptions): Promise<void> => {
  await page.getByTestId('end').click();
  await visit('23-unanswered', page);
  await page.getByTestId('end-confirm').click();
  await page.getByTestId('handed-in').waitFor({ timeout: prepareLimitMs });
  await visit('24-handed-in', page);
  const download = page.waitForEvent('download');
  await page.getByTestId('export').click();
  await download;
  const said = page.locator('[aria-labelledby=own-data] [role=status]');
  await said.filter({ hasText: /./ }).waitFor();
  const downloaded = await said.innerText();
  await page.getByTestId('ask-erasure').click();
  await page.getByTestId('confirm-yes').click();
  await said.filter({ hasNotText: downloaded }).waitFor();
  await visit('25-own-data', page);
  await page.getByTestId('handed-in').getByRole('link').click();
  await page.getByTestId('coverage').waitFor({ timeout: prepareLimitMs });
  await visit('26-own-report', page);
  await page.locator('details.observation summary').first().click();
  await page.locator('.mark-form textarea').first().fill('I picked up my pen from the floor.');
  await page.locator('.mark-form button').first().click();
  await page.locator('.observation-review blockquote').waitFor({ timeout: prepareLimitMs });
  await visit('27-contested', page);
  const link = new URL(await teacher.linkOf('ada'), serverUrl);
  await teacher.revoke('ada');
  await page.goto(link.href);
  await page.getByRole('alert').waitFor({ timeout: prepareLimitMs });
  await visit('28-link-revoked', page);
};

/** A student's whole way through an exam in production mode, from the personal link to the own report. */
export const walkStudent = async (options: WalkOptions): Promise<void> => {
  await options.page.addInitScript(cameraInPage);
  await before(options);
  await consent(options);
  await during(options);
  await after(options);
};
