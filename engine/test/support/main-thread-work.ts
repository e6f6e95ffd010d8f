import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright';

declare global {
  var referenceWorker: Worker;
}

interface TraceEvent {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds by the thread's own clock. */
  tdur?: number;
  args?: { name?: string };
}

export interface MainThreadWork {
  totalMs: number;
  longestTaskMs: number;
  tasks: number;
}

/**
 * The work of a page's main thread, by the thread's own clock: on a busy machine a task may be suspended for long
 * without working, and other programs must not count.
 * @returns a function that ends the measurement.
 */
export const watchMainThread = async (page: Page): Promise<() => Promise<MainThreadWork>> => {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser of its own');
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  return async () => {
    const trace = await browser.stopTracing();
    const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
    const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
    const worked = mains.map(({ pid, tid }) =>
      traceEvents
        .filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid)
        .map(({ tdur = 0 }) => tdur / 1000),
    );
    // A browser may keep an empty renderer in reserve.
    const tasksMs = worked.toSorted((a, b) => b.length - a.length)[0] ?? [];
    return {
      totalMs: tasksMs.reduce((sum, ms) => sum + ms, 0),
      longestTaskMs: Math.max(0, ...tasksMs),
      tasks: tasksMs.length,
    };
  };
};

/**
 * Milliseconds that a page's main thread has worked since `enable`, by the thread's own clock and without the cost of tracing, which
 * is half as much again.
 */
export const mainThreadClock = async (page: Page): Promise<() => Promise<number>> => {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN) * 1000;
  };
};

const referencePeriodMs = 10;
const referenceS = 4;

/**
 * Milliseconds that this page's main thread works for one fixed piece of work, by the same clock: it takes a message of 40 readings
 * from a worker, turns them into text and back, and answers with them. The messages come at intervals, as frames do, so that
 * wake-ups and cold caches count on both sides. Limits in these pieces hold on fast and slow machines alike.
 */
export const referenceWorkMs = async (page: Page, workedMs: () => Promise<number>): Promise<number> => {
  await page.evaluate((periodMs) => {
    const source = `
      const readings = Object.fromEntries(Array.from({ length: 40 }, (_, at) => ['reading_' + at, at * 1.37]));
      setInterval(() => postMessage(readings), ${periodMs});`;
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    worker.addEventListener('message', ({ data }) => worker.postMessage(JSON.parse(JSON.stringify(data))));
    globalThis.referenceWorker = worker;
  }, referencePeriodMs);
  const fromMs = await workedMs();
  await delay(referenceS * 1000);
  const worked = (await workedMs()) - fromMs;
  await page.evaluate(() => globalThis.referenceWorker.terminate());
  return worked / ((referenceS * 1000) / referencePeriodMs);
};
