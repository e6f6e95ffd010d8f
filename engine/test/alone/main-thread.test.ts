import { expect, test } from 'vitest';
import { countMainThreadCalls } from '../support/main-thread-calls.ts';
import type { MainThreadCalls } from '../support/main-thread-calls.ts';
import { useServedPages } from '../support/served-pages.ts';

/** The camera delivers four times as many frames as are analysed, as webcams do. */
const frameRateHz = 5;
const countedFrames = 60;
/**
 * Storage, timers and the socket work about once in two seconds; less than once per beat means that frames are gathered. Beats follow the
 * clock: a busy machine reads fewer frames than there are beats, and the timers go on.
 */
const mostCallsPerBeat: MainThreadCalls = {
  framesRead: 1.5,
  messagesToWorkers: 2,
  messagesFromWorkers: 4.5,
  storageTransactions: 1,
  timers: 1,
  socketMessages: 1,
};

const site = useServedPages();

test('the main thread does a fixed amount of work for each frame, camera, storage and delivery included', async () => {
  await site.pages.context.addInitScript(countMainThreadCalls);
  const page = await site.pages.newPage();
  const { perBeat, framesRead } = await page.evaluate(
    async ([serverUrl, rateHz, wanted]) => {
      const proctor = globalThis.invigil.createProctor({ serverUrl, sessionId: 'cost', frameRateHz: rateHz });
      const frames = (count: number): Promise<void> => {
        let left = count;
        return new Promise((resolve) => {
          const stop = proctor.on('frame', () => {
            left -= 1;
            if (left > 0) return;
            stop();
            resolve();
          });
        });
      };
      await proctor.start();
      await frames(10);
      const fromMs = performance.now();
      const before = { ...globalThis.mainThreadCalls };
      await frames(wanted);
      const beats = Math.max(wanted, ((performance.now() - fromMs) / 1000) * rateHz);
      const counted = Object.entries(globalThis.mainThreadCalls).map(
        ([call, count]) => [call, count - (before[call] ?? 0)] as const,
      );
      await proctor.stop();
      return {
        perBeat: Object.fromEntries(counted.map(([call, count]) => [call, count / beats])),
        framesRead: Object.fromEntries(counted)['framesRead'],
      };
    },
    [site.server.url, frameRateHz, countedFrames] as const,
  );
  console.log('main thread, calls per beat:', JSON.stringify(perBeat));
  expect(framesRead).toBeGreaterThanOrEqual(countedFrames);
  const overLimit = Object.entries(mostCallsPerBeat).filter(([call, most]) => !((perBeat[call] ?? Infinity) < most));
  expect(overLimit).toEqual([]);
  await page.close();
}, 90_000);
