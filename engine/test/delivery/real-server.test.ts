import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright';
import { describe, expect, test } from 'vitest';
import type { TestPage } from '@invigil/testkit/browser/page/main';
import { useServedPages } from '../support/served-pages.ts';

declare global {
  var recording: Awaited<ReturnType<TestPage['recordFrames']>>;
}

const site = useServedPages();

interface Recorded {
  seq: number;
  timestamp: number;
}

const record = async (page: Page, sessionId: string, frameRateHz = 20): Promise<void> => {
  await page.evaluate(
    async ({ serverUrl, id, rateHz }) => {
      const options = { serverUrl, sessionId: id, batchIntervalMs: 200 };
      globalThis.recording = await globalThis.invigil.recordFrames(options, rateHz);
    },
    { serverUrl: site.server.url, id: sessionId, rateHz: frameRateHz },
  );
};

/** The numbers that this page load has assigned so far. */
const recorded = (page: Page): Promise<Recorded[]> => page.evaluate(() => globalThis.recording.recorded);

const stop = (page: Page) =>
  page.evaluate(async () => {
    globalThis.recording.stopRecording();
    const result = await globalThis.recording.delivery.drain(20_000, Date.now());
    return { result, recorded: globalThis.recording.recorded, errors: globalThis.recording.errors };
  });

const byNumber = (a: Recorded, b: Recorded): number => a.seq - b.seq;
const identity = ({ seq, timestamp }: Recorded): Recorded => ({ seq, timestamp });

describe('delivery from a real browser to the real server', () => {
  test('each frame is stored once although the server is killed repeatedly', async () => {
    const page = await site.pages.newPage();
    await record(page, 'killed');
    for (let kill = 0; kill < 3; kill += 1) {
      await delay(1200);
      await site.server.kill();
      await delay(800);
      await site.server.restart();
      await page.waitForFunction(() => globalThis.recording.delivery.state.state === 'ready', null, {
        timeout: 20_000,
      });
    }
    const { result, recorded: frames, errors } = await stop(page);
    expect(errors).toEqual([]);
    expect(result).toMatchObject({ waiting: 0, lost: 0 });
    const dump = await site.server.endAndDump('killed');
    expect(dump.toSorted(byNumber).map(identity)).toEqual(frames.map(identity));
    await page.close();
  }, 90_000);

  test('numbers continue after a reload, and no stored frame is lost or duplicated', async () => {
    const page = await site.pages.newPage();
    const lives: Recorded[][] = [];
    for (let life = 0; life < 4; life += 1) {
      await record(page, 'reloaded');
      await delay(1500);
      if (life === 2) {
        // Frames recorded now can only be delivered by the next run.
        await site.server.kill();
        await delay(1500);
      }
      if (life === 3) break;
      lives.push(await recorded(page));
      await page.reload();
      await page.waitForFunction(() => 'invigil' in globalThis);
      if (life === 2) await site.server.restart();
    }
    const last = await stop(page);
    lives.push(last.recorded);
    expect(last.result).toMatchObject({ waiting: 0, lost: 0 });
    const dump = (await site.server.endAndDump('reloaded')).toSorted(byNumber).map(identity);
    expect(dump.map(({ seq }) => seq)).toEqual(dump.map((_, index) => index));
    const stored = new Map(dump.map(({ seq, timestamp }) => [seq, timestamp]));
    for (const [index, life] of lives.entries()) {
      const nextFirst = lives[index + 1]?.[0]?.seq ?? Infinity;
      // A frame recorded just before the page was closed may not have reached the disk; its number was assigned again.
      const kept = life.filter(({ seq }) => seq < nextFirst);
      expect(kept.filter(({ seq, timestamp }) => stored.get(seq) !== timestamp)).toEqual([]);
      expect(kept.length).toBeGreaterThan(life.length / 3);
    }
    await page.close();
  }, 90_000);

  test('a page that is closed sends its pending frames', async () => {
    const page = await site.pages.newPage();
    await page.evaluate(
      async ({ serverUrl }) => {
        // Batches are far apart, so that only the unload flush can deliver.
        const options = { serverUrl, sessionId: 'closed', batchIntervalMs: 10_000 };
        globalThis.recording = await globalThis.invigil.recordFrames(options, 20);
      },
      { serverUrl: site.server.url },
    );
    await page.waitForFunction(() => (globalThis.recording.delivery.state.ackedSeq ?? -1) >= 0);
    const before = await page.evaluate(() => globalThis.recording.delivery.state.ackedSeq ?? -1);
    await delay(1200);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    // The page sends what its disk has, and the disk may be slow.
    await delay(1000);
    await page.close({ runBeforeUnload: false });
    await expect
      .poll(async () => (await site.server.report('closed')).integrity.frames, { timeout: 10_000 })
      .toBeGreaterThan(before + 1);
  }, 60_000);

  test('a full outbox is thinned out, and the missing frames are reported to the server with the reason', async () => {
    const page = await site.pages.newPage();
    await site.server.kill();
    await page.evaluate(
      async ({ serverUrl }) => {
        const options = { serverUrl, sessionId: 'full', batchIntervalMs: 200, outboxMaxFrames: 100 };
        globalThis.recording = await globalThis.invigil.recordFrames(options, 50);
      },
      { serverUrl: site.server.url },
    );
    await page.waitForFunction(() => globalThis.recording.recorded.length > 300, null, { timeout: 30_000 });
    expect(await page.evaluate(() => globalThis.recording.delivery.state.waitingFrames)).toBeLessThanOrEqual(100);
    await site.server.restart();
    const { result, recorded: frames } = await stop(page);
    expect(result.waiting).toBe(0);
    expect(result.delivered + result.lost).toBe(frames.length);
    expect(result.lost).toBeGreaterThan(200);
    const { integrity } = await site.server.report('full');
    expect(integrity).toMatchObject({
      frames: result.delivered,
      frames_lost: result.lost,
      losses: { outbox_full: result.lost },
    });
    expect(await site.server.endAndDump('full')).toHaveLength(result.delivered);
    await page.close();
  }, 90_000);
});
