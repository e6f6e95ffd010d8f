import { readFile } from 'node:fs/promises';

/** What Chromium itself says that its processes have used. */
export class BrowserCost {
  #browser;
  #page;

  /** @param {import('playwright').BrowserContext} context */
  static async of(context, page) {
    const cost = new BrowserCost();
    cost.#browser = await context.browser().newBrowserCDPSession();
    cost.#page = await context.newCDPSession(page);
    // The thread's own clock: other programs of a busy machine do not count.
    await cost.#page.send('Performance.enable', { timeDomain: 'threadTicks' });
    return cost;
  }

  async #processes() {
    return (await this.#browser.send('SystemInfo.getProcessInfo')).processInfo;
  }

  /** CPU milliseconds of all processes of the browser: page, worker, graphics, network. */
  async cpuMs() {
    return (await this.#processes()).reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
  }

  /** CPU milliseconds of the page's main thread. */
  async mainThreadMs() {
    const { metrics } = await this.#page.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  }

  async mainHeapBytes() {
    await this.#page.send('HeapProfiler.collectGarbage');
    return (await this.#page.send('Runtime.getHeapUsage')).usedSize;
  }

  /** Resident memory of the largest page process, its worker and wasm included; null where the system does not tell. */
  async residentBytes() {
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
