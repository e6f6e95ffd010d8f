import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RawChromium } from '@invigil/testkit/browser/raw-chromium';
import type { KeptMemory, RawTab } from '@invigil/testkit/browser/raw-chromium';
import { writeEventCamera } from '@invigil/testkit/cameras/event-camera';
import { repositoryFolder } from '@invigil/testkit/repository';
import { RealServer } from '@invigil/testkit/server/real-server';

/** Part of `npm run test:long`. */
const isLong = process.env['LONG_TESTS'] === '1';
/** When the tab is examined, minutes after the start; `KEPT_MEMORY_MINUTES=1,2,3` for other times. */
const minutes = (process.env['KEPT_MEMORY_MINUTES'] ?? '2,6,10').split(',').map(Number);
const minuteMs = 60_000;
const prepareLimitMs = 120_000;
const megabyte = 1_000_000;

let folder: string;
let server: RealServer;
let browser: RawChromium;

beforeAll(async () => {
  if (!isLong) return;
  folder = await mkdtemp(join(tmpdir(), 'invigil-kept-memory-'));
  const camera = join(folder, 'camera.y4m');
  writeEventCamera(camera, 'covered');
  server = await RealServer.start({ DEMO_DIR: join(repositoryFolder, 'demo/dist/site') });
  browser = await RawChromium.launch(camera);
}, prepareLimitMs);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const samples = 5;
const sampleEveryMs = 1000;

/** The least of several samples: what the reading of one image needs at a moment is not kept. */
const keptBy = async (tab: RawTab): Promise<KeptMemory> => {
  const taken: KeptMemory[] = [];
  while (taken.length < samples) {
    taken.push(await tab.keptMemory());
    await delay(sampleEveryMs);
  }
  const least = (valueOf: (sample: KeptMemory) => number): number => Math.min(...taken.map(valueOf));
  return {
    nodes: least(({ nodes }) => nodes),
    listeners: least(({ listeners }) => listeners),
    documents: least(({ documents }) => documents),
    arrayBuffers: least(({ arrayBuffers }) => arrayBuffers),
    heapBytes: least(({ heapBytes }) => heapBytes),
    workers: {
      count: least(({ workers }) => workers.count),
      heapBytes: least(({ workers }) => workers.heapBytes),
      bufferBytes: least(({ workers }) => workers.bufferBytes),
    },
  };
};

const inElement = (selector: string): string =>
  `document.querySelector('invigil-proctor')?.shadowRoot?.querySelector('${selector}')`;

/**
 * The memory of a process also depends on when the browser collects garbage, and on the machine. What a tab still holds after a
 * garbage collection does not: a leak of objects, buffers, nodes or WebAssembly memory grows with time, whatever the load is.
 */
test.runIf(isLong)(
  'a face that is half covered again and again leaves nothing behind',
  async () => {
    const tab = await browser.openTab(`${server.url}/exam/?session=kept-memory`);
    const is = (expression: string): Promise<unknown> => tab.evaluate(`Boolean(${expression})`).catch(() => false);
    await expect.poll(() => is(inElement('[data-testid=consent]'))).toBe(true);
    await tab.evaluate(`${inElement('[data-testid=consent]')}.click()`);
    await expect.poll(() => is(inElement('[data-stage=running]')), { timeout: prepareLimitMs }).toBe(true);
    const fromMs = performance.now();
    const frames = async (): Promise<number> =>
      Number(await tab.evaluate(`${inElement('[data-frames]')}.dataset.frames`));
    const kept: KeptMemory[] = [];
    for (const minute of minutes) {
      await delay(Math.max(0, fromMs + minute * minuteMs - performance.now()));
      kept.push(await keptBy(tab));
      console.info(`after ${minute} minutes, ${await frames()} frames: ${JSON.stringify(kept.at(-1))}`);
    }
    const [first, ...later] = kept as [KeptMemory, ...KeptMemory[]];
    expect(await frames()).toBeGreaterThan(60 * (minutes.at(-1) ?? 0));
    for (const now of later) {
      expect(now.documents).toBe(first.documents);
      expect(now.workers.count).toBe(first.workers.count);
      expect(now.listeners).toBeLessThanOrEqual(first.listeners + 10);
      // The panel lists up to 50 observations.
      expect(now.nodes).toBeLessThanOrEqual(first.nodes + 600);
      expect(now.arrayBuffers).toBeLessThanOrEqual(first.arrayBuffers + 20);
      expect(now.heapBytes).toBeLessThanOrEqual(first.heapBytes + 2 * megabyte);
      expect(now.workers.heapBytes).toBeLessThanOrEqual(first.workers.heapBytes + megabyte);
      expect(now.workers.bufferBytes).toBeLessThanOrEqual(first.workers.bufferBytes + megabyte);
    }
    await server.endAndDump('kept-memory');
  },
  prepareLimitMs + (Math.max(...minutes) + 3) * minuteMs,
);
