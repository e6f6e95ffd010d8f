import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
export const outFolder = join(root, 'out/screenshots');
const readmeFolder = join(root, 'docs');

/** The size of new pages, and the first of `sizes`. */
export const wide = { width: 1440, height: 900 };
const narrow = { width: 360, height: 740 };
const sizes = [wide, narrow, { width: 1920, height: 1080 }];
export const walkSizes = [wide, narrow];
const schemes = ['light', 'dark'] as const;
const readmeSize = { width: 1080, height: 640 };
const readmeWidthPx = 900;
/** Names of the screenshots that the README shows, with their files in `docs`. */
const readmeFiles = new Map([
  ['exam', 'exam.png'],
  ['report-review', 'report.png'],
  ['wall', 'wall.png'],
]);

/** How long a page may take to reach the state of a screenshot. */
export const prepareLimitMs = 120_000;

/** A palette keeps letters sharp at a third of the size. */
const writeSmall = (png: Buffer, path: string): void => {
  const palette = `scale=${readmeWidthPx}:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none`;
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', '-', '-vf', palette, '-frames:v', '1', path], { input: png });
};

/** Waits until the charts, which are redrawn after a resize, have the width of the window. */
const chartsFit = async (page: Page, { width }: { width: number }): Promise<void> => {
  await page.waitForFunction(
    (widthPx) =>
      innerWidth === widthPx &&
      [...document.querySelectorAll<HTMLElement>('.uplot')].every(
        (chart) => Math.abs(chart.offsetWidth - (chart.parentElement?.clientWidth ?? 0)) <= 1,
      ),
    width,
    { timeout: prepareLimitMs },
  );
};

/** How far the page is wider than the window. */
export const overflowPx = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));

/** @param check called in each size and colour scheme, such as `360-dark` */
type TakeScreenshot = (name: string, fullPage?: boolean, check?: (state: string) => Promise<void>) => Promise<void>;

/** The wall draws a few students with each animation frame: waits until their number stays the same. */
const wallIsDrawn = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    for (let [before, now] = [-1, 0]; before !== now;) {
      for (let count = 0; count < 3; count += 1) await frame();
      [before, now] = [now, document.querySelectorAll('[data-key]').length];
    }
  });

/** Takes screenshots of a page in each size and colour scheme; with `forReadme`, the README's images too. */
export const createCamera =
  (page: Page, { forReadme }: { forReadme: boolean }): TakeScreenshot =>
  async (name, fullPage = true, check = () => Promise.resolve()) => {
    for (const size of sizes) {
      for (const colorScheme of schemes) {
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await chartsFit(page, size);
        await wallIsDrawn(page);
        const state = `${size.width}-${colorScheme}`;
        await page.screenshot({ path: join(outFolder, `${name}-${state}.png`), fullPage });
        await check(state);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    const readmeFile = readmeFiles.get(name);
    if (forReadme && readmeFile !== undefined) {
      await page.setViewportSize(readmeSize);
      await chartsFit(page, readmeSize);
      await page.evaluate(() => scrollTo(0, 0));
      writeSmall(await page.screenshot(), join(readmeFolder, readmeFile));
    }
    await page.setViewportSize(wide);
    console.log(name);
  };

/** Takes one screenshot in each colour scheme at each place of a walk. @param walk name of the walk, which begins the files' names */
export const walkCamera =
  (walk: string) =>
  async (place: string, page: Page): Promise<void> => {
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(outFolder, `${walk}-${place}-${colorScheme}.png`), fullPage: true });
    }
    await page.emulateMedia({ colorScheme: 'light' });
    console.log(`${walk} ${place}`);
  };
