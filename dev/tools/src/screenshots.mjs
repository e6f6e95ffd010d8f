/**
 * Pictures of every page and state, at 360 and 1440 px, light and dark, into out/screenshots. `--readme` also makes the small
 * ones of the README (docs/*.png). Needs the build (`npm run build`).
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { startServer } from '@invigil/testkit/server/server-process';
import { simulateStudents } from '@invigil/testkit/simulated-students';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const outFolder = join(root, 'out/screenshots');
const readmeFolder = join(root, 'docs');
const sizes = [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
];
const schemes = ['light', 'dark'];
const readmeSize = { width: 1080, height: 640 };
const readmeWidthPx = 900;
const prepareLimitMs = 120_000;
/** Long enough for panel and charts to have something to show. */
const someReadings = 40;
const wallStudents = 40;
/** Some readings for the charts of one student. */
const chartsFillMs = 12_000;

const forReadme = process.argv.includes('--readme');

/** A palette keeps letters sharp at a third of the size. */
const writeSmall = (png, path) => {
  const palette = `scale=${readmeWidthPx}:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none`;
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', '-', '-vf', palette, '-frames:v', '1', path], { input: png });
};

/** Charts are drawn anew after a resize; before that they are as wide as the window was. */
const chartsFit = (page, { width }) =>
  page.waitForFunction(
    (widthPx) =>
      innerWidth === widthPx &&
      [...document.querySelectorAll('.uplot')].every(
        (chart) => Math.abs(chart.offsetWidth - chart.parentElement.clientWidth) <= 1,
      ),
    width,
    { timeout: prepareLimitMs },
  );

const createCamera =
  (page) =>
  async (name, fullPage = true) => {
    for (const size of sizes) {
      for (const colorScheme of schemes) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await chartsFit(page, size);
        await page.screenshot({ path: join(outFolder, `${name}-${size.width}-${colorScheme}.png`), fullPage });
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    if (forReadme && ['exam', 'report-review', 'wall'].includes(name)) {
      await page.setViewportSize(readmeSize);
      await chartsFit(page, readmeSize);
      await page.evaluate(() => scrollTo(0, 0));
      const path = join(readmeFolder, `${name === 'report-review' ? 'report' : name}.png`);
      writeSmall(await page.screenshot(), path);
    }
    await page.setViewportSize(sizes[0]);
    console.log(name);
  };

const readings = (page, count) =>
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

const post = async (url, body) => {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
};

const sessionIn = (page) => new URL(page.url()).searchParams.get('session');

const takeSitting = async (browser, serverUrl) => {
  const page = await browser.newPage({ viewport: sizes[0], locale: 'en-GB' });
  const take = createCamera(page);
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
  const guide = (what, body) => post(`${serverUrl}/api/v1/session/${sessionIn(page)}/${what}`, body);
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
  await page.waitForURL(/\/report\//, { timeout: prepareLimitMs });
  await page.getByTestId('coverage').waitFor();
  await take('report');
  await page.goto(new URL('/report/', serverUrl).href);
  await take('report-which');
};

const takeWithoutCamera = async (serverUrl) => {
  const browser = await chromium.launch(launchOptions());
  try {
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(new URL('/check/', serverUrl).href);
    await page.getByTestId('camera-on').click();
    await page.getByRole('alert').waitFor({ timeout: prepareLimitMs });
    await createCamera(page)('no-camera');
  } finally {
    await browser.close();
  }
};

/** The proctor's pages, with students that are made up. */
const takeProctoring = async (browser, serverUrl) => {
  const page = await browser.newPage({ viewport: sizes[0], locale: 'en-GB' });
  const take = createCamera(page);
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
  const examId = new URL(page.url()).searchParams.get('exam');
  const simulated = await simulateStudents({ serverUrl, examId, memberIds: memberIds.slice(0, -2) });
  try {
    const { students } = simulated;
    students[5].event = 'phone';
    students[14].event = 'phone';
    students[9].event = 'covered';
    students[2].event = 'absent';
    await page.locator('.alert').nth(1).waitFor({ timeout: prepareLimitMs });
    students[7].socket.terminate();
    await page.locator('.tile[data-need=lost]').waitFor();
    await take('wall', false);
    await page.locator('[data-key="s-106"]').click();
    await page.locator('dialog.student canvas').nth(4).waitFor();
    await page.locator('dialog.student textarea').nth(1).fill('A phone on the desk, at the left.');
    await page.locator('dialog.student .write button').nth(1).click();
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

const folder = await mkdtemp(join(tmpdir(), 'invigil-screenshots-'));
await mkdir(outFolder, { recursive: true });
if (forReadme) await mkdir(readmeFolder, { recursive: true });
try {
  const cameraPath = join(folder, 'camera.y4m');
  writeAstronautCamera(cameraPath);
  const server = await startServer({ folder });
  try {
    const browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
    try {
      await takeProctoring(browser, server.url);
      await takeSitting(browser, server.url);
    } finally {
      await browser.close();
    }
    await takeWithoutCamera(server.url);
  } finally {
    await server.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
