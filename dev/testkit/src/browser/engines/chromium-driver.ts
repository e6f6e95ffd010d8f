import type { ElementHandle, JSHandle } from 'playwright';
import { launchBrowser } from '../chromium.ts';
import type { BrowserDriver } from '../tab-driver.ts';

/** Chromium through Playwright. Each tab has storage of its own. */
export const startChromium = async (): Promise<BrowserDriver> => {
  const browser = await launchBrowser();
  return {
    version: browser.version(),
    async openTab() {
      const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const elementOf = async (expression: string): Promise<ElementHandle> => {
        const handle: JSHandle = await page.evaluateHandle(expression);
        const element = handle.asElement();
        if (element === null) throw new Error(`no element: ${expression}`);
        return element;
      };
      return {
        goto: async (url) => void (await page.goto(url)),
        reload: async () => void (await page.reload()),
        back: async () => void (await page.goBack()),
        evaluate: (expression) => page.evaluate(expression),
        click: async (element) => (await elementOf(element)).click(),
        type: async (element, text) => (await elementOf(element)).fill(text),
        resize: (width, height) => page.setViewportSize({ width, height }),
        hide: () => Promise.reject(new Error('Playwright makes every page believe that it is in front')),
        show: () => Promise.resolve(),
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
};
