import type { Page } from 'playwright';

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
