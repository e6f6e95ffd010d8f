import { readFile } from 'node:fs/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright';

/** Resources that the processes of a browser have used, as Chromium itself reports them. */
export class BrowserCost {
  readonly #browser: CDPSession;
  readonly #page: CDPSession;

  private constructor(browser: CDPSession, page: CDPSession) {
    this.#browser = browser;
    this.#page = page;
  }

  static async of(context: BrowserContext, page: Page): Promise<BrowserCost> {
    const browser = context.browser();
    if (browser === null) throw new Error('the context belongs to no browser');
    const pageSession = await context.newCDPSession(page);
    // The thread's own clock: other programs of a busy machine do not count.
    await pageSession.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new BrowserCost(await browser.newBrowserCDPSession(), pageSession);
  }

  async #processes() {
    return (await this.#browser.send('SystemInfo.getProcessInfo')).processInfo;
  }

  /** CPU milliseconds of all processes of the browser: page, worker, graphics, network. */
  async cpuMs(): Promise<number> {
    return (await this.#processes()).reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
  }

  /** CPU milliseconds of the page's main thread. */
  async mainThreadMs(): Promise<number> {
    const { metrics } = await this.#page.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  }

  async mainHeapBytes(): Promise<number> {
    await this.#page.send('HeapProfiler.collectGarbage');
    return (await this.#page.send('Runtime.getHeapUsage')).usedSize;
  }

  /** Resident memory of the largest page process, its worker and wasm included; null where the system does not expose it. */
  async residentBytes(): Promise<number | null> {
    const renderers = (await this.#processes()).filter(({ type }) => type === 'renderer');
    const sizes = await Promise.all(
      renderers.map(async ({ id }) => {
        const text = await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
        return Number(/^VmRSS:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024;
      }),
    );
    return Math.max(0, ...sizes) || null;
  }
}
