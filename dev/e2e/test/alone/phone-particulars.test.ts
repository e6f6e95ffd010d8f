/**
 * iPhone-specific behaviour, emulated in WebKit: no iPhone runs these tests. Frames are read from a video element, as on an iPhone;
 * Chromium reads them from the camera track.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countInBrowser } from '@invigil/testkit/browser/count-in-browser';
import { DemoSite } from '@invigil/testkit/browser/demo-site';
import { missingPackages } from '@invigil/testkit/browser/installed-browsers';
import { openBrowser } from '@invigil/testkit/browser/open-browser';
import type { OpenBrowser } from '@invigil/testkit/browser/open-browser';
import type { Tab } from '@invigil/testkit/browser/tab';

const prepareLimitMs = 90_000;
const pages = ['/', '/check/', '/exam/', '/report/', '/proctor/'];

/** In low power mode, iOS plays no video that the student has not asked for. Runs in the page. */
const refusePlaying = (): void => {
  const videos: HTMLVideoElement[] = [];
  Object.assign(globalThis, { videosOfPage: videos });
  let isAllowed = false;
  const touched = (event: Event): void => {
    const [target] = event.composedPath();
    isAllowed ||= target instanceof Element && target.closest('[data-testid=again]') !== null;
  };
  addEventListener('pointerdown', touched, true);
  const proto = HTMLMediaElement.prototype as { play: (this: HTMLVideoElement) => Promise<void> };
  const { play } = proto;
  proto.play = function (this: HTMLVideoElement) {
    videos.push(this);
    if (isAllowed) return play.call(this);
    return Promise.reject(new DOMException('The request is not allowed by the user agent.', 'NotAllowedError'));
  };
};

/** Keeps the page's image analysis workers, so that a test can end one as a system without memory does. Runs in the page. */
const keepWorkers = (): void => {
  const workers: Worker[] = [];
  const RealWorker = globalThis.Worker;
  globalThis.Worker = class extends RealWorker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (String(url).includes('perception')) workers.push(this);
    }
  };
  Object.assign(globalThis, { workersOfPage: workers });
};

describe.skipIf(missingPackages('webkit').length > 0)('in WebKit, as on an iPhone', () => {
  countInBrowser('webkit');
  let site: DemoSite;
  let browser: OpenBrowser;
  let tab: Tab;

  beforeAll(async () => {
    site = await DemoSite.start(`(${String(refusePlaying)})();(${String(keepWorkers)})();`);
    browser = await openBrowser('webkit');
    tab = await browser.openTab();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  test('no page is wider than a small window', { timeout: 60_000 }, async () => {
    // The browser's own window is no narrower than about 450 px.
    await tab.resize(360, 640);
    for (const path of pages) {
      await tab.goto(site.url + path);
      await tab.waitFor('main h1, main h2');
      const overflow = () => tab.evaluate('document.documentElement.scrollWidth - innerWidth');
      await expect.poll(overflow).toBeLessThanOrEqual(0);
    }
  });

  test(
    'asks for a touch when the browser refuses to play the video, and starts after it',
    { timeout: 2 * prepareLimitMs },
    async () => {
      await tab.goto(`${site.url}/exam/?session=low-power`);
      await tab.click('[data-testid=consent]');
      await tab.waitFor('[data-testid=again]', prepareLimitMs);
      expect(await tab.has('[data-stage=failed]')).toBe(false);
      await tab.click('[data-testid=again]');
      await tab.waitFor('[data-stage=running]', prepareLimitMs);
      await expect.poll(() => tab.text('[data-testid=observed]'), { timeout: 30_000 }).toBe('Observed');
    },
  );

  test('every video plays in the page, without sound', async () => {
    const videos = 'videosOfPage.map(({ playsInline, muted }) => [playsInline, muted])';
    const settings = await tab.evaluate<boolean[][]>(videos);
    expect(settings.length).toBeGreaterThan(0);
    expect(settings.flat()).not.toContain(false);
  });

  test('replaces a worker that the system ended, and states the gap', { timeout: 2 * prepareLimitMs }, async () => {
    const workers = (): Promise<number> => tab.evaluate('workersOfPage.length');
    const observed = (): Promise<string | null> => tab.text('[data-testid=observed]');
    const frameCount = async (): Promise<number> => Number(await tab.attribute('[data-frames]', 'data-frames'));
    // The first readings of a worker have a longer limit.
    await expect.poll(frameCount, { timeout: prepareLimitMs }).toBeGreaterThan(6);
    // The page shows a moment later that the student is observed.
    await expect.poll(observed, { timeout: prepareLimitMs }).toBe('Observed');
    expect(await workers()).toBe(1);
    await tab.evaluate('workersOfPage[0].terminate()');
    await expect.poll(observed, { timeout: prepareLimitMs }).toMatch(/^Not observed/);
    await expect.poll(observed, { timeout: prepareLimitMs }).toBe('Observed');
    expect(await workers()).toBe(2);
    const before = await frameCount();
    // The frames that state the gap are counted too, and may come after the page shows that the student is observed again.
    await expect.poll(frameCount, { timeout: prepareLimitMs }).toBeGreaterThan(before + 30);
    await expect.poll(() => tab.text('[data-testid=delivery]')).toBe('Everything has been delivered');
    const frames = await site.server.endAndDump('low-power');
    const gap = frames.findLastIndex(({ not_observed: reason }) => reason === 'worker_restarted');
    expect(gap).toBeGreaterThan(0);
    expect(frames.slice(gap + 1).some((frame) => frame.no_of_face === 1)).toBe(true);
  });
});
