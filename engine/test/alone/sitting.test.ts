import type { FeatureFrame } from '@invigil/protocol/frame';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import type { Proctor } from '../../src/index.ts';
import { RawChromium } from '@invigil/testkit/browser/raw-chromium';
import { useServedPages } from '../support/served-pages.ts';

interface Sitting {
  proctor: Proctor;
  frames: FeatureFrame[];
  readings: number;
  states: string[];
  errors: string[];
}
declare global {
  var sitting: Sitting;
}

const site = useServedPages();

const makeProctor = (page: Page, options: { sessionId: string }): Promise<void> =>
  page.evaluate(
    (given) => {
      const proctor = globalThis.invigil.createProctor(given);
      const sitting: Sitting = { proctor, frames: [], readings: 0, states: [], errors: [] };
      proctor.on('frame', (frame) => sitting.frames.push(frame));
      proctor.on('reading', () => (sitting.readings += 1));
      proctor.on('state', ({ state }) => sitting.states.push(state));
      proctor.on('error', ({ reason }) => sitting.errors.push(reason));
      globalThis.sitting = sitting;
    },
    { serverUrl: site.server.url, ...options },
  );

const timesOf = (frames: readonly { timestamp: unknown }[]): number[] =>
  frames.map(({ timestamp }) => Number(timestamp));

/** Average frames per second, from the first frame to the last. */
const rateHz = (timesMs: readonly number[]): number =>
  ((timesMs.length - 1) * 1000) / ((timesMs.at(-1) ?? 0) - (timesMs[0] ?? 0));

const rising = (timesMs: readonly number[]): boolean =>
  timesMs.every((ms, index) => index === 0 || ms > timesMs[index - 1]!);

describe('a session in a real browser with a fake camera', () => {
  test('checks without recording, then records from number 0 and delivers each frame once', async () => {
    const page = await site.pages.newPage();
    await makeProctor(page, { sessionId: 'sitting-1' });
    await page.evaluate(() => globalThis.sitting.proctor.check());
    await page.waitForFunction(() => globalThis.sitting.readings >= 3);
    expect(await page.evaluate(() => globalThis.sitting.frames.length)).toBe(0);

    await page.evaluate(() => globalThis.sitting.proctor.start());
    await page.waitForFunction(() => globalThis.sitting.frames.length >= 20);
    const result = await page.evaluate(() => {
      // No image follows this event.
      document.dispatchEvent(new Event('paste'));
      return globalThis.sitting.proctor.stop();
    });
    const { frames, states, errors } = await page.evaluate(() => ({ ...globalThis.sitting, proctor: null }));

    expect(errors).toEqual([]);
    expect([...new Set(states)]).toEqual(['preparing', 'ready', 'checking', 'running', 'ending', 'closed']);
    expect(frames.map(({ seq }) => seq)).toEqual(frames.map((_, index) => index));
    expect(rising(timesOf(frames))).toBe(true);
    expect(frames.at(-1)).toMatchObject({
      not_observed: 'paused',
      page_violations: [{ type: 'PASTE_ATTEMPT', timestamp: expect.any(Number) }],
    });
    expect(rateHz(timesOf(frames))).toBeGreaterThan(1.5);
    const stated = frames.find((frame) => 'engine_budget' in frame);
    expect(stated?.engine_budget).toBeLessThanOrEqual(0.35);
    expect(stated).toMatchObject({
      engine_backend: expect.any(String),
      engine_face_plan_hz: expect.any(Number),
      engine_object_plan_hz: expect.any(Number),
      engine_hand_plan_hz: expect.any(Number),
    });
    expect(result).toEqual({
      delivered: frames.length,
      waiting: 0,
      lost: 0,
      chain: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const dump = await site.server.endAndDump('sitting-1');
    expect(dump.map(({ seq, timestamp }) => [seq, timestamp])).toEqual(
      frames.map(({ seq, timestamp }) => [seq, timestamp]),
    );
    await page.close();
  }, 120_000);

  test('a session that the server ends is closed on the page', async () => {
    const page = await site.pages.newPage();
    await makeProctor(page, { sessionId: 'sitting-2' });
    await page.evaluate(() => globalThis.sitting.proctor.start());
    await page.waitForFunction(() => globalThis.sitting.proctor.delivery.ackedSeq !== null);
    await site.server.endAndDump('sitting-2');
    await page.waitForFunction(() => globalThis.sitting.proctor.state.state === 'closed');
    expect(await page.evaluate(() => globalThis.sitting.proctor.state)).toMatchObject({ reason: 'session_ended' });
    expect(await page.evaluate(() => globalThis.sitting.proctor.delivery)).toMatchObject({
      state: 'ended',
      reason: 'session_ended',
    });
    await page.close();
  }, 120_000);

  test('continues at the same pace while its tab is hidden', async () => {
    const browser = await RawChromium.launch();
    try {
      const tab = await browser.openTab(site.pages.url);
      // Until the page loads, the empty page before it may answer.
      const isLoaded = (): Promise<unknown> => tab.evaluate(`'invigil' in globalThis`).catch(() => false);
      await expect.poll(isLoaded, { timeout: 20_000 }).toBe(true);
      const options = JSON.stringify({ serverUrl: site.server.url, sessionId: 'sitting-3', budget: 1 });
      await tab.evaluate(`(async () => {
        globalThis.frames = [];
        globalThis.proctor = invigil.createProctor(${options});
        globalThis.violations = [];
        proctor.on('frame', ({ timestamp, page_hidden }) => frames.push({ timestamp, page_hidden }));
        proctor.on('violation', ({ type }) => violations.push(type));
        await proctor.start();
      })()`);
      const made = { timeout: 60_000, interval: 200 };
      await expect.poll(() => tab.evaluate('frames.length'), made).toBeGreaterThan(10);
      await browser.openTab('about:blank');
      await expect.poll(() => tab.evaluate('document.visibilityState'), made).toBe('hidden');
      await expect
        .poll(() => tab.evaluate('frames.filter(({ page_hidden }) => page_hidden === 1).length'), made)
        .toBeGreaterThan(40);
      const hidden = (await tab.evaluate('frames.filter(({ page_hidden }) => page_hidden === 1)')) as FeatureFrame[];
      const shown = (await tab.evaluate('frames.filter(({ page_hidden }) => page_hidden === 0)')) as FeatureFrame[];
      // A hidden page's own timers beat once a second at most; the bound leaves room for a busy machine.
      expect(rateHz(timesOf(hidden))).toBeGreaterThan(1.5);
      expect(rateHz(timesOf(hidden))).toBeGreaterThan(rateHz(timesOf(shown)) * 0.6);
      const gapsMs = timesOf(hidden).map((ms, index, all) => ms - (all[index - 1] ?? ms));
      expect(Math.max(...gapsMs)).toBeLessThan(2500);
      expect(await tab.evaluate('violations')).toEqual(['TAB_SWITCH']);
      expect(await tab.evaluate('proctor.delivery.state')).toBe('ready');
      expect(await tab.evaluate('proctor.stop()')).toMatchObject({ waiting: 0, lost: 0 });
    } finally {
      await browser.close();
    }
  }, 120_000);

  test('a second tab of the same session is refused and records nothing', async () => {
    const first = await site.pages.newPage();
    await makeProctor(first, { sessionId: 'sitting-4' });
    await first.evaluate(() => globalThis.sitting.proctor.start());
    const second = await site.pages.newPage();
    await makeProctor(second, { sessionId: 'sitting-4' });
    const reason = await second.evaluate(() =>
      globalThis.sitting.proctor.start().then(
        () => null,
        (error: { reason: string }) => error.reason,
      ),
    );
    expect(reason).toBe('session_open_elsewhere');
    expect(await second.evaluate(() => globalThis.sitting.proctor.state.state)).toBe('failed');
    await first.evaluate(() => globalThis.sitting.proctor.stop());
    await second.evaluate(() => globalThis.sitting.proctor.start());
    expect(await second.evaluate(() => globalThis.sitting.proctor.state.state)).toBe('running');
    await second.evaluate(() => globalThis.sitting.proctor.stop());
    await first.close();
    await second.close();
  }, 120_000);
});
