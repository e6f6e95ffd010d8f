import { afterAll, beforeAll, expect, test } from 'vitest';
import { countInBrowser } from '@invigil/testkit/browser/count-in-browser';
import { DemoSite } from '@invigil/testkit/browser/demo-site';
import { openBrowser } from '@invigil/testkit/browser/open-browser';
import type { OpenBrowser } from '@invigil/testkit/browser/open-browser';

const prepareLimitMs = 90_000;
const questions = process.env['LONG_TESTS'] === '1' ? 10 : 5;

let site: DemoSite;
let browser: OpenBrowser;

beforeAll(async () => {
  site = await DemoSite.start();
  browser = await openBrowser('chromium');
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

countInBrowser('chromium');

/** Bytes of weights and wasm among the requests that the server has answered. */
const modelBytes = (): number =>
  site.served
    .filter(({ path }) => path.startsWith('/models/') && !path.endsWith('/manifest.json'))
    .reduce((sum, { bytes }) => sum + bytes, 0);

test(
  `an exam of ${questions} page loads asks once and loads the models once`,
  async () => {
    const tab = await browser.openTab();
    const open = async (question: number): Promise<void> => {
      await tab.goto(`${site.url}/exam/?session=page-per-question&question=${question}`);
    };
    const frameCount = async (): Promise<number> => Number(await tab.attribute('[data-frames]', 'data-frames'));
    await open(1);
    await tab.click('[data-testid=consent]');
    await tab.waitFor('[data-stage=running]', prepareLimitMs);
    const bytesOfFirst = modelBytes();
    expect(bytesOfFirst).toBeGreaterThan(1_000_000);

    const startsMs: number[] = [];
    let counted = 0;
    for (let question = 2; question <= questions; question += 1) {
      const fromMs = performance.now();
      await open(question);
      // No click here: the student agreed in this tab before.
      await tab.waitFor('[data-stage=running]', prepareLimitMs);
      startsMs.push(performance.now() - fromMs);
      // The element continues the count of the session, but begins at 0 until it has read it.
      await expect.poll(frameCount, { timeout: 30_000 }).toBeGreaterThan(counted);
      counted = await frameCount();
    }
    await expect.poll(() => tab.text('[data-testid=delivery]')).toBe('Everything has been delivered');
    expect(modelBytes()).toBe(bytesOfFirst);
    // Shown, not asserted: it depends on what else the machine does.
    const sorted = startsMs.map(Math.round).toSorted((a, b) => a - b);
    console.info(`page load to running, ms: median ${sorted[Math.floor(sorted.length / 2)]}, all ${sorted.join(' ')}`);

    const frames = await site.server.endAndDump('page-per-question');
    const seqs = frames.map(({ seq }) => seq).toSorted((a, b) => a - b);
    expect(seqs).toEqual(seqs.map((_, index) => index));
    expect(counted).toBeGreaterThanOrEqual(questions - 1);
    expect(frames.length).toBeGreaterThanOrEqual(counted);
  },
  prepareLimitMs + 120_000,
);
