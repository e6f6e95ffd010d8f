import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watchMainThread } from '../support/main-thread-work.ts';
import { PerceptionSite } from '../support/perception-site.ts';

const frames = 1000;
/** By their timestamps, the images span 20 s of a session, in which every detector runs at its rate. */
const stepMs = 20;

let site: PerceptionSite;
let page: Page;

beforeAll(async () => {
  site = await PerceptionSite.open([{ name: 'candidate.jpg', scene: 'plain', phone: null }]);
  page = await site.newPage(60_000);
  await page.evaluate(() => globalThis.perceptionPage.load());
}, 120_000);

afterAll(() => site?.close());

test('1,000 frames leave no tensor behind and the page undisturbed', { timeout: 400_000 }, async () => {
  const stream = (count: number) =>
    page.evaluate(
      async ([frameCount, step]) => {
        const readings = await globalThis.perceptionPage.stream('/data/candidate.jpg', frameCount, step);
        return {
          oneFace: readings.filter((reading) => reading.no_of_face === 1).length,
          phones: readings.filter((reading) => reading.phone_present === 1).length,
          hands: readings.filter((reading) => (reading.hand_count ?? null) !== null).length,
        };
      },
      [count, stepMs] as const,
    );
  const memory = () => page.evaluate(() => globalThis.perceptionPage.memory());
  await stream(60);
  const before = await memory();
  const stopWatch = await watchMainThread(page);
  const { oneFace, phones, hands } = await stream(frames);
  const { totalMs, longestTaskMs, tasks } = await stopWatch();
  const after = await memory();
  const perFrameMs = totalMs / frames;
  console.log(
    `1,000 frames: main thread ${perFrameMs.toFixed(2)} ms a frame, longest task ${longestTaskMs.toFixed(1)} ms, ` +
      `${after.tensors} tensors of ${after.bytes} bytes`,
  );
  expect(after).toEqual(before);
  expect(oneFace).toBeGreaterThan(frames * 0.99);
  expect(phones).toBe(0);
  expect(hands).toBeGreaterThan(frames * 0.9);
  expect(tasks).toBeGreaterThan(frames);
  expect(longestTaskMs).toBeLessThan(50);
  expect(perFrameMs).toBeLessThan(2);
});
