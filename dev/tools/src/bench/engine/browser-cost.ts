import { readdir, readFile } from 'node:fs/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright';

/** Linux cuts the name of Chromium's "DedicatedWorker thread". */
const workerThread = /^DedicatedWorker/;

/** CPU milliseconds of a process's worker threads; null where the system does not list threads. */
const workerMsOf = async (processId: number): Promise<number | null> => {
  const folder = `/proc/${processId}/task`;
  const threads = await readdir(folder).catch(() => null);
  if (threads === null) return null;
  const times = await Promise.all(
    threads.map(async (thread) => {
      const read = (name: string): Promise<string> => readFile(`${folder}/${thread}/${name}`, 'utf8').catch(() => '');
      if (!workerThread.test(await read('comm'))) return 0;
      // The first number is the time on a processor, in nanoseconds.
      return Number((await read('schedstat')).split(' ')[0]) / 1e6;
    }),
  );
  return times.reduce((sum, ms) => sum + ms, 0);
};

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

  /** CPU milliseconds of the workers of all pages, or null where the system does not list threads (only Linux does). */
  async workerMs(): Promise<number | null> {
    const renderers = (await this.#processes()).filter(({ type }) => type === 'renderer');
    const times = await Promise.all(renderers.map(({ id }) => workerMsOf(id)));
    return times.reduce<number | null>((sum, ms) => (sum === null || ms === null ? null : sum + ms), 0);
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
