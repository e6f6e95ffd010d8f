import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibilityProblems, sidewaysPx } from '@invigil/testkit/browser/accessibility';
import { fakeCameraArguments, launchOptions } from '@invigil/testkit/browser/chromium';
import { writeAstronautCamera } from '@invigil/testkit/cameras/astronaut-camera';
import { startServer } from '@invigil/testkit/server/server-process';
import { jwtSecret } from '@invigil/testkit/tokens/tokens';
import { createTeacher } from './exam-teacher.ts';
import { walkStudent } from './student-walk.ts';

/** `npm run test:long` runs it: half a minute with the processor to itself. */
const isAsked = process.env['LONG_TESTS'] === '1';

let folder: string;
let server: Awaited<ReturnType<typeof startServer>>;
let browser: Browser;

beforeAll(async () => {
  if (!isAsked) return;
  folder = await mkdtemp(join(tmpdir(), 'invigil-walk-'));
  const cameraPath = join(folder, 'camera.y4m');
  writeAstronautCamera(cameraPath);
  server = await startServer({ folder, environment: { AUTH: 'jwt', JWT_SECRET: jwtSecret } });
  browser = await chromium.launch(launchOptions(fakeCameraArguments(cameraPath)));
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (isAsked) await rm(folder, { recursive: true, force: true });
});

interface Shifted {
  shifts?: { value: number; nodes: string[] }[];
}

/** Collects layout shifts that did not follow an input, in every document of the page. */
const watchShifts = (): void => {
  interface Shift extends PerformanceEntry {
    hadRecentInput: boolean;
    value: number;
    sources: { node: Element | null; previousRect: DOMRect; currentRect: DOMRect }[];
  }
  const shifted = globalThis as Shifted;
  shifted.shifts = [];
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries() as Shift[]) {
      if (hadRecentInput) continue;
      const nodes = sources.map(
        ({ node, previousRect: from, currentRect: to }) => `${node?.nodeName} ${node?.className} ${from.y} to ${to.y}`,
      );
      shifted.shifts?.push({ value, nodes });
    }
  }).observe({ type: 'layout-shift', buffered: true });
};

/** What the German panel says at some places. The exam lasts 90 minutes; its time goes on over a reload. */
const expectedLines = {
  '15-running images': expect.stringMatching(/Zurzeit werden keine Bilder gesendet/),
  '18-break images': 'Die Kamera ist aus: Es werden keine Bilder gesendet.',
  '19-camera-unplugged images': 'Die Kamera ist aus: Es werden keine Bilder gesendet.',
  '21-offline images': 'Keine Verbindung: Es werden gerade keine Bilder gesendet.',
  '22-after-reload time': expect.stringMatching(/Restzeit\s+1:[12]\d:\d\d/),
};

test.runIf(isAsked)(
  'a student gets in by a personal link, through the exam on a phone, and out again',
  { timeout: 240_000 },
  async () => {
    const teacher = await createTeacher(server.url, 'walk', 'Physics I');
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      bypassCSP: true,
      locale: 'de-DE',
      acceptDownloads: true,
    });
    const page = await context.newPage();
    await page.addInitScript(watchShifts);
    const places: string[] = [];
    const barriers: Record<string, string[]> = {};
    const shifts: Record<string, Shifted['shifts']> = {};
    const lines: Record<string, string> = {};
    const look = async (place: string, seen: Page): Promise<void> => {
      places.push(place);
      const found = await seen.evaluate(() => (globalThis as Shifted).shifts ?? []);
      if (found.reduce((sum, { value }) => sum + value, 0) >= 0.05) shifts[place] = found;
      for (const testId of ['images', 'time']) {
        const line = seen.getByTestId(testId);
        if ((await line.count()) > 0) lines[`${place} ${testId}`] = await line.innerText();
      }
      const problems = await accessibilityProblems(seen);
      for (const widthPx of [360, 1440]) {
        const px = await sidewaysPx(seen, widthPx);
        if (px > 0) problems.push(`${px} px too wide at ${widthPx} px`);
      }
      if (problems.length > 0) barriers[place] = problems;
    };
    await walkStudent({ page, serverUrl: server.url, language: 'de', teacher, visit: look });
    expect({ barriers, shifts }).toEqual({ barriers: {}, shifts: {} });
    expect(places).toHaveLength(28);
    expect(lines).toMatchObject(expectedLines);
    const { students, requests } = await teacher.exam();
    expect(students[0]?.check).toMatchObject({ items: { camera: 'good' } });
    expect(requests.map(({ kind }) => kind).toSorted()).toEqual(['erasure', 'help']);
    await context.close();
  },
);
