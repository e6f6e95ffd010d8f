import type { BrowserName } from './browser-name.ts';
import { startChromium } from './engines/chromium-driver.ts';
import { startFirefox } from './engines/firefox-driver.ts';
import { startWebkit } from './engines/webkit-driver.ts';
import { requireBrowser } from './installed-browsers.ts';
import { Tab } from './tab.ts';

/** A running browser of one of the three engines. */
export interface OpenBrowser {
  readonly name: BrowserName;
  readonly version: string;
  /** A page with storage of its own. WebKit closes the last one first. */
  openTab(): Promise<Tab>;
  close(): Promise<void>;
}

const starts = { chromium: startChromium, firefox: startFirefox, webkit: startWebkit };

/**
 * Starts a browser that is installed on this machine.
 * @throws an error that names the Debian packages to install if it is not
 */
export const openBrowser = async (name: BrowserName): Promise<OpenBrowser> => {
  const driver = await starts[name](requireBrowser(name));
  return {
    name,
    version: driver.version,
    openTab: async () => new Tab(await driver.openTab()),
    close: () => driver.close(),
  };
};
