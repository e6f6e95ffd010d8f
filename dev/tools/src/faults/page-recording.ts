import type { Page } from 'playwright';
import type { TestPage } from '@invigil/testkit/browser/page/main';
import type { ProducedFrame } from './outcome.ts';

declare global {
  var recording: Awaited<ReturnType<TestPage['recordFrames']>>;
}

export interface RecordingOptions {
  serverUrl: string;
  sessionId: string;
  batchIntervalMs?: number;
  outboxMaxFrames?: number;
}

/** Frames a second; more than in a real session, so that short scenarios have enough. */
const frameRateHz = 10;

/** The real delivery of a real page, with frames from a clock instead of the camera. */
export const startRecording = (page: Page, options: RecordingOptions): Promise<void> =>
  page.evaluate(
    async ({ given, rateHz }) => {
      globalThis.recording = await globalThis.invigil.recordFrames(given, rateHz);
    },
    { given: { batchIntervalMs: 300, ...options }, rateHz: frameRateHz },
  );

/** The recorded frames, just before the page is closed: those not stored yet must be stored or renumbered. */
export const recordedAtLast = (page: Page): Promise<ProducedFrame[]> =>
  page.evaluate(() => {
    globalThis.recording.stopRecording();
    return globalThis.recording.recorded;
  });

/** Waits until few frames are pending, which shows that frames get through the faulty network. */
export const waitUntilDelivering = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    (atMost) => globalThis.recording.recorded.length > 0 && globalThis.recording.delivery.state.waitingFrames <= atMost,
    2 * frameRateHz,
    { timeout: 120_000 },
  );
};

/** Records for a while, and throws if that did not leave frames pending: the fault did not happen. */
export const recordUndelivered = async (page: Page, forMs: number): Promise<void> => {
  await page.waitForTimeout(forMs);
  const waiting = await page.evaluate(() => globalThis.recording.delivery.state.waitingFrames);
  if (waiting < 2 * frameRateHz) throw new Error(`only ${waiting} frames waited: the fault did not happen`);
};

export const waitUntilReady = async (page: Page): Promise<void> => {
  await page.waitForFunction(() => globalThis.recording.delivery.state.state === 'ready', null, { timeout: 60_000 });
};

/** Ends recording and delivers pending frames. */
export const finishRecording = (page: Page): Promise<ProducedFrame[]> =>
  page.evaluate(async () => {
    globalThis.recording.stopRecording();
    await globalThis.recording.delivery.drain(60_000, Date.now());
    return globalThis.recording.recorded;
  });

export const reload = async (page: Page): Promise<void> => {
  await page.reload();
  await page.waitForFunction(() => 'invigil' in globalThis);
};

/**
 * Frames of several runs of a page. Frames that a run numbered but could not store before it was killed existed nowhere
 * else, and their numbers were assigned again.
 */
export const framesOfLives = (lives: readonly (readonly ProducedFrame[])[]): ProducedFrame[] =>
  lives.flatMap((life, index) => {
    const nextFirst = Math.min(...lives.slice(index + 1).map((next) => next[0]?.seq ?? Infinity));
    return life.filter(({ seq }) => seq < nextFirst);
  });
