import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { build, defaultClientConditions } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composePictures } from '../../scripts/compose-phones/compose.mjs';
import { launchOptions } from '../../scripts/chromium.mjs';
import { serveFolders } from '../../scripts/evaluate/file-server.mjs';
import type {} from './perception-page/main.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const DEG = Math.PI / 180;

let folder: string;
let server: { url: string; close: () => Promise<void> };
let browser: Browser;
let page: Page;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-perception-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: path('./perception-page'),
    base: './',
    resolve: { conditions: ['@invigil/source', ...defaultClientConditions] },
    worker: { format: 'es' },
    build: { outDir: join(folder, 'page'), target: 'es2023', minify: false, chunkSizeWarningLimit: 10_000 },
  });
  const pictures = await composePictures([
    { name: 'candidate.jpg', scene: 'plain', phone: null },
    {
      name: 'four.jpg',
      people: [0.14, 0.38, 0.62, 0.86].map((x, i) => ({ x, y: 0.4, faceWidth: 0.12, mirrored: i % 2 === 1 })),
      brightness: 0.5,
      blurPx: 0,
    },
    {
      name: 'phone.jpg',
      scene: 'plain',
      phone: { hand: 2, area: 0.07, x: 0.78, y: 0.62, turnRad: 0.15, mirrored: false },
    },
  ]);
  for (const { name, bytes } of pictures) await writeFile(join(folder, name), bytes);
  server = await serveFolders({
    '/data/': folder,
    '/models/': path('../../models/weights'),
    '/': join(folder, 'page'),
  });
  browser = await chromium.launch(launchOptions());
  page = await browser.newPage();
  await page.goto(server.url);
  await page.evaluate(() => globalThis.perceptionPage.load());
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const still = (name: string) => page.evaluate((url) => globalThis.perceptionPage.still(url), `/data/${name}`);

describe('perception in a real browser', () => {
  test('a candidate without a phone: one face that looks forward, nothing else', async () => {
    const readings = await still('candidate.jpg');
    expect(readings).toMatchObject({ face_present: 1, no_of_face: 1, phone_present: 0, head_pose: 'forward' });
    expect(Math.abs(readings.head_yaw ?? NaN)).toBeLessThan(15 * DEG);
    expect(Math.abs(readings.head_pitch ?? NaN)).toBeLessThan(15 * DEG);
    expect(readings.image_obstructed).toBe(0);
    expect(readings.gaze_direction).toBeTypeOf('string');
    expect(readings.engine_backend).toBe('wasm');
  });

  test('the same candidate with a phone in a hand: the phone, and where it is', async () => {
    const readings = await still('phone.jpg');
    expect(readings).toMatchObject({ no_of_face: 1, phone_present: 1 });
    expect(readings.phone_x).toBeGreaterThan(0.65 * 640);
    expect(readings.phone_x).toBeLessThan(0.9 * 640);
    expect(readings.phone_conf).toBeGreaterThan(40);
  });

  test('four people in a dim room are four faces', async () => {
    expect(await still('four.jpg')).toMatchObject({ face_present: 1, no_of_face: 4, still_faces: 0, phone_present: 0 });
  });

  test('a detector that fails when it runs is stated, takes only its own readings with it, and leaves no tensor behind', async () => {
    const { capabilities, readings, tensors } = await page.evaluate(() =>
      globalThis.perceptionPage.stillWith(
        { handLandmarks: 'facemesh.json', objects: 'nothing.json' },
        '/data/phone.jpg',
      ),
    );
    expect(capabilities).toMatchObject({ face: { available: true }, hands: { available: false } });
    expect(capabilities.phone).toEqual({ available: false, reason: expect.stringContaining('404') });
    expect(readings).toMatchObject({ no_of_face: 1, hand_count: null, phone_present: null });
    expect(readings.unknown).toMatchObject({ hands: 'detector_failed', phone: 'model_missing' });
    expect(new Set(tensors).size).toBe(1);
  });

  test('1,000 frames leave no tensor behind and the page undisturbed', { timeout: 240_000 }, async () => {
    await page.evaluate(() => globalThis.perceptionPage.stream('/data/candidate.jpg', 40, 50));
    const before = await page.evaluate(() => globalThis.perceptionPage.memory());
    const { mainThreadMs, longTasksMs, faces, phones } = await page.evaluate(async () => {
      const { readings, ...times } = await globalThis.perceptionPage.stream('/data/candidate.jpg', 1000, 50);
      return {
        ...times,
        faces: readings.map((reading) => reading.no_of_face),
        phones: readings.filter((reading) => reading.phone_present === 1).length,
      };
    });
    const after = await page.evaluate(() => globalThis.perceptionPage.memory());
    expect(after.tensors).toBe(before.tensors);
    expect(faces.filter((count) => count === 1).length).toBeGreaterThan(990);
    expect(phones).toBe(0);
    expect(longTasksMs.filter((ms) => ms >= 50)).toEqual([]);
    expect(mainThreadMs.toSorted((a, b) => a - b)[500]).toBeLessThan(2);
  });

  test.each([
    ['hang', 'worker_hung'],
    ['crash', 'worker_crashed'],
  ] as const)(
    'a worker that is made to %s is replaced, and the gap is stated',
    { timeout: 90_000 },
    async (message, reason) => {
      const lost = await page.evaluate(([what, url]) => globalThis.perceptionPage.readAfter(what, url), [
        message,
        '/data/candidate.jpg',
      ] as const);
      expect(lost).toMatchObject({ reason, events: [`gap ${reason}`] });
      expect(lost.gapMs).toBeGreaterThan(0);
      expect(await still('candidate.jpg')).toMatchObject({ no_of_face: 1 });
    },
  );
});
