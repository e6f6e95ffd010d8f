import puppeteer from 'puppeteer-core';
import type { ElementHandle, Page } from 'puppeteer-core';
import type { BrowserDriver } from '../tab-driver.ts';

/** Debian's Firefox through WebDriver BiDi. Each tab has storage of its own. */
export const startFirefox = async (executablePath: string): Promise<BrowserDriver> => {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox: { 'intl.accept_languages': 'en-US' },
  });
  return {
    version: (await browser.version()).replace(/^firefox\//, ''),
    async openTab() {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width: 1280, height: 900 });
      let inFront: Page | null = null;
      const elementOf = async (expression: string): Promise<ElementHandle> => {
        const element = (await page.evaluateHandle(expression)).asElement();
        if (element === null) throw new Error(`no element: ${expression}`);
        return element as ElementHandle;
      };
      return {
        goto: async (url) => void (await page.goto(url)),
        reload: async () => void (await page.reload()),
        back: async () => void (await page.goBack()),
        evaluate: (expression) => page.evaluate(expression),
        click: async (element) => (await elementOf(element)).click(),
        type: async (element, text) => (await elementOf(element)).type(text),
        resize: (width, height) => page.setViewport({ width, height }),
        async hide() {
          inFront = await context.newPage();
          await inFront.bringToFront();
        },
        async show() {
          await inFront?.close();
          await page.bringToFront();
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
};
