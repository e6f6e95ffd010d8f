import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { TestPage } from '@invigil/testkit/browser/page/main';
import { CuttableProxy } from '@invigil/testkit/network/cuttable-proxy';
import { RealServer } from '@invigil/testkit/server/real-server';
import { TestPages } from '@invigil/testkit/browser/test-pages';

declare global {
  var recording: Awaited<ReturnType<TestPage['recordFrames']>>;
}

const frameRateHz = 5;
const measuredMs = 8000;
/** Far less than between two batches. */
const quietMs = 300;

test('a student’s frames, five a second, cost less than 1 kB a second on the wire in both directions', async () => {
  const pages = await TestPages.open();
  const server = await RealServer.start({ ALLOWED_ORIGINS: new URL(pages.url).origin });
  const proxy = await CuttableProxy.start(server.url);
  try {
    const page = await pages.newPage();
    await page.evaluate(
      async ({ serverUrl, rateHz }) => {
        const options = { serverUrl, sessionId: 'wire' };
        globalThis.recording = await globalThis.invigil.recordFrames(options, rateHz, true);
      },
      { serverUrl: proxy.url, rateHz: frameRateHz },
    );
    const delivered = () => page.evaluate(() => globalThis.recording.delivery.state.ackedSeq ?? -1);
    /** Taken between two batches, so that the acknowledgements of all counted bytes are known. */
    const sample = async (): Promise<{ bytes: number; seq: number }> => {
      const from = await delivered();
      await expect.poll(delivered, { timeout: 20_000 }).toBeGreaterThan(from);
      let bytes = -1;
      while (bytes !== proxy.bytes) {
        bytes = proxy.bytes;
        await delay(quietMs);
      }
      return { bytes, seq: await delivered() };
    };
    const before = await sample();
    await delay(measuredMs);
    const after = await sample();
    const frames = after.seq - before.seq;
    expect(frames).toBeGreaterThan(10);
    // Per received frame, so that a slow machine gives the same result.
    const bytesPerSecond = Math.round(((after.bytes - before.bytes) / frames) * frameRateHz);
    console.log(`wire: ${bytesPerSecond} bytes a second for each student at ${frameRateHz} frames a second`);
    expect(bytesPerSecond).toBeLessThan(1000);
  } finally {
    await pages.close();
    proxy.close();
    await server.close();
  }
}, 90_000);
