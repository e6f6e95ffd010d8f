import type { FeatureFrame } from '@invigil/protocol/frame';
import { expect, test } from 'vitest';
import type { CalibrationState, Proctor } from '../src/index.ts';
import { useServedPages } from './support/served-pages.ts';

declare global {
  var calibrating: { proctor: Proctor; states: string[]; ended: Promise<CalibrationState>; frames: FeatureFrame[] };
}

const site = useServedPages();

test(
  'a camera that shows no eyes gives no calibration; the session states it, and continues',
  { timeout: 120_000 },
  async () => {
    const page = await site.pages.newPage();
    await page.evaluate((serverUrl) => {
      const proctor = globalThis.invigil.createProctor({ serverUrl, sessionId: 'calibration-1' });
      const states: string[] = [];
      const frames: FeatureFrame[] = [];
      proctor.on('state', ({ state }) => states.push(state));
      proctor.on('frame', (frame) => frames.push(frame));
      globalThis.calibrating = { proctor, states, frames, ended: proctor.calibrate(document.body) };
    }, site.server.url);
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
    const dump = await site.server.endAndDump('calibration-1');
    expect(dump[0]).toMatchObject({ calibration: { state: 'too_poor' } });
    await page.close();
  },
);
