import { setTimeout as delay } from 'node:timers/promises';
import { Builder, Capabilities } from 'selenium-webdriver';
import type { IRectangle, WebDriver, WebElement } from 'selenium-webdriver';
import { ChildService } from '../../services/child-service.ts';
import { freePort } from '../../services/free-port.ts';
import type { BrowserDriver, TabDriver } from '../tab-driver.ts';
import { openVirtualScreen } from './virtual-screen.ts';
import type { VirtualScreen } from './virtual-screen.ts';

/** A script for `executeAsyncScript`, which reports errors as values: drivers differ in how they word thrown ones. */
const settling = (expression: string): string => `
  const done = arguments[arguments.length - 1];
  (async () => (${expression}))().then(
    (value) => done({ value }),
    (error) => done({ error: String(error) }),
  );`;

/** A driver without an answer is replaced. Seen once, while two of them started browsers on a busy machine. */
const openLimitMs = 15_000;
const openAttempts = 3;
const quitLimitMs = 5000;
/** For the window manager to take over the window. */
const managerStartMs = 500;

const tabOf = (driver: WebDriver, screen: VirtualScreen): TabDriver => {
  let shownAt: IRectangle | null = null;
  const elementOf = (expression: string): Promise<WebElement> => driver.executeScript(`return ${expression}`);
  return {
    goto: (url) => driver.get(url),
    reload: () => driver.navigate().refresh(),
    back: () => driver.navigate().back(),
    async evaluate(expression) {
      const answer = await driver.executeAsyncScript<{ value?: unknown; error?: string }>(settling(expression));
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value;
    },
    click: async (element) => (await elementOf(element)).click(),
    type: async (element, text) => (await elementOf(element)).sendKeys(text),
    async resize(widthPx, heightPx) {
      const [outerWidth = 0, outerHeight = 0] = await driver.executeScript<number[]>(
        'return [outerWidth - innerWidth, outerHeight - innerHeight]',
      );
      const window = driver.manage().window();
      await window.setRect({ width: widthPx + outerWidth, height: heightPx + outerHeight });
    },
    async hide() {
      screen.manageWindows();
      shownAt = await driver.manage().window().getRect();
      await delay(managerStartMs);
      await driver.manage().window().minimize();
    },
    async show() {
      if (shownAt !== null) await driver.manage().window().setRect(shownAt);
    },
    close: () => driver.quit(),
  };
};

/** WebKitGTK's MiniBrowser on a virtual screen. Each tab is a browser of its own: the driver runs one session at a time. */
export const startWebkit = async (browserPath: string): Promise<BrowserDriver> => {
  const screen = await openVirtualScreen();
  const port = await freePort();
  // Without a UTF-8 locale, MiniBrowser cannot type characters outside of ASCII.
  const environment = [`DISPLAY=${screen.display}`, 'LANG=en_US.UTF-8', 'LANGUAGE=en_US'];
  const service = new ChildService(port, ['env', ...environment, 'WebKitWebDriver', `--port=${port}`]);
  await service.start();
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: browserPath, args: ['--automation'] },
  });
  const build = (): Promise<WebDriver> =>
    Promise.resolve(new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build());
  const open = async (attempt = 1): Promise<WebDriver> => {
    const opening = build();
    opening.catch(() => undefined);
    const opened = await Promise.race([opening, delay(openLimitMs, null, { ref: false })]);
    if (opened !== null) return opened;
    if (attempt === openAttempts) throw new Error(`WebKitWebDriver opened no browser in ${openAttempts} attempts`);
    await service.stop();
    await service.start();
    return open(attempt + 1);
  };
  let driver = await open();
  const quit = (): Promise<unknown> =>
    Promise.race([driver.quit().catch(() => undefined), delay(quitLimitMs, null, { ref: false })]);
  const version = (await driver.getCapabilities()).getBrowserVersion() ?? '';
  return {
    version,
    async openTab() {
      await quit();
      driver = await open();
      return tabOf(driver, screen);
    },
    async close() {
      await quit();
      await service.stop();
      screen.close();
    },
  };
};
