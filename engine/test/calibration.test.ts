import type { FeatureFrame } from '@invigil/protocol/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CalibrationState, Proctor } from '../src/index.ts';
import { RealServer } from '@invigil/testkit/server/real-server';
import { TestPages } from '@invigil/testkit/browser/test-pages';

declare global {
  var calibrating: { proctor: Proctor; states: string[]; ended: Promise<CalibrationState>; frames: FeatureFrame[] };
}

let server: RealServer;
let pages: TestPages;

beforeAll(async () => {
  pages = await TestPages.open();
  server = await RealServer.start({ ALLOWED_ORIGINS: new URL(pages.url).origin });
}, 60_000);

afterAll(async () => {
  await pages?.close();
  await server?.close();
});

test(
  'a camera that shows no eyes gives no calibration; the session states it, and continues',
  { timeout: 120_000 },
  async () => {
    const page = await pages.newPage();
    await page.evaluate((serverUrl) => {
      const proctor = globalThis.invigil.createProctor({ serverUrl, sessionId: 'calibration-1' });
      const states: string[] = [];
      const frames: FeatureFrame[] = [];
      proctor.on('state', ({ state }) => states.push(state));
      proctor.on('frame', (frame) => frames.push(frame));
      globalThis.calibrating = { proctor, states, frames, ended: proctor.calibrate(document.body) };
    }, server.url);
    const begin = page.getByRole('button', { name: 'Begin' });
    await begin.waitFor({ timeout: 60_000 });
    await begin.press('Enter');
    const ended = await page.evaluate(() => globalThis.calibrating.ended);
    expect(ended).toEqual({ state: 'too_poor', reason: 'few_readings', errorPx: null, errorDeg: null });
    expect(await page.evaluate(() => globalThis.calibrating.states.at(-1))).toBe('checking');

    await page.evaluate(() => globalThis.calibrating.proctor.start());
    await page.waitForFunction(() => globalThis.calibrating.frames.length >= 3);
    await page.evaluate(() => globalThis.calibrating.proctor.stop());
    const [first, ...others] = await page.evaluate(() => globalThis.calibrating.frames);
    expect(first?.calibration).toMatchObject({ state: 'too_poor', error_px: null });
    expect(others.some((frame) => 'calibration' in frame || 'gazePoint_x' in frame)).toBe(false);
    const dump = await server.endAndDump('calibration-1');
    expect(dump[0]).toMatchObject({ calibration: { state: 'too_poor' } });
    await page.close();
  },
);
