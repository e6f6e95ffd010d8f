/**
 * Pictures of every page and state, at 360 and 1440 px, light and dark, into out/screenshots. `--readme` also makes the small
 * ones of the README (docs/*.png). Needs the build (`npm run build`).
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { writeAstronautCamera } from './astronaut-camera.mjs';
import { fakeCameraArguments, launchOptions } from './chromium.mjs';
import { startServer } from './rehearse/server-process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const outFolder = join(root, 'out/screenshots');
const readmeFolder = join(root, 'docs');
const sizes = [
  { width: 1440, height: 900 },
  { width: 360, height: 740 },
];
const schemes = ['light', 'dark'];
const readmeSize = { width: 1080, height: 640 };
const prepareLimitMs = 120_000;
/** Long enough for panel and charts to have something to show. */
const someReadings = 40;

const forReadme = process.argv.includes('--readme');

const createCamera =
  (page) =>
  async (name, fullPage = true) => {
    for (const size of sizes) {
      for (const colorScheme of schemes) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.screenshot({ path: join(outFolder, `${name}-${size.width}-${colorScheme}.png`), fullPage });
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    if (forReadme && ['exam', 'report'].includes(name)) {
      await page.setViewportSize(readmeSize);
      await page.screenshot({ path: join(readmeFolder, `${name}.png`) });
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

const takeSitting = async (browser, serverUrl) => {
  const page = await browser.newPage({ viewport: sizes[0], locale: 'en-GB' });
  const take = createCamera(page);
  await page.goto(serverUrl);
  await take('start');
  await page.getByRole('textbox').first().fill('ada');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/check\//);
  await take('check-before');
  await page.getByTestId('camera-on').click();
  await page.locator('[data-check=checking]').waitFor({ timeout: prepareLimitMs });
  await page.locator('.checks li[data-good=true]').nth(5).waitFor({ timeout: prepareLimitMs });
  await take('check');
  await page.locator('.checking .button').click();
  await page.waitForURL(/\/exam\//);
  await take('consent');
  await page.getByTestId('consent').click();
  await page.locator('[data-sitting=running]').waitFor({ timeout: prepareLimitMs });
  await page.locator('.panel summary').first().click();
  await readings(page, someReadings);
  await take('exam', false);
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

const folder = await mkdtemp(join(tmpdir(), 'invigil-screenshots-'));
await mkdir(outFolder, { recursive: true });
if (forReadme) await mkdir(readmeFolder, { recursive: true });
try {
  const cameraPath = join(folder, 'camera.y4m');
  writeAstronautCamera(cameraPath);
  const server = await startServer({ root, folder });
  try {
    const browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
    try {
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
