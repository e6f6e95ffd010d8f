/**
 * Particulars of iPhones, emulated in WebKit: no iPhone runs these tests. The camera goes through a video element, as it does there;
 * Chromium's goes another way.
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

describe.skipIf(missingPackages('webkit').length > 0)('in WebKit, as on an iPhone', () => {
  countInBrowser('webkit');
  let site: DemoSite;
  let browser: OpenBrowser;
  let tab: Tab;

  beforeAll(async () => {
    site = await DemoSite.start(`(${String(refusePlaying)})();`);
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
});
