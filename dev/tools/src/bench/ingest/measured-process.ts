/** Runs inside a measured process and answers its parent's questions about the resources used. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { getHeapSpaceStatistics } from 'node:v8';
import type { ChildMessage, ParentQuestion, ProcessAnswers } from './questions.ts';

const loopResolutionMs = 10;
const loopDelay = monitorEventLoopDelay({ resolution: loopResolutionMs });
loopDelay.enable();

const checkEveryMs = 100;
const settledAfterMs = 1000;

/** The memory of the process once it stops falling: V8 returns what a collection freed from other threads, after the collection. */
const settledRss = async (): Promise<number> => {
  let least = process.memoryUsage.rss();
  for (let sameMs = 0; sameMs < settledAfterMs; sameMs += checkEveryMs) {
    await delay(checkEveryMs);
    const rss = process.memoryUsage.rss();
    if (rss >= least) continue;
    least = rss;
    sameMs = 0;
  }
  return least;
};

const youngBytes = (): number =>
  getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name.startsWith('new_'))
    .reduce((sum, space) => sum + space.physical_space_size, 0);

const processAnswers: ProcessAnswers = {
  cpu() {
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1000 };
  },
  /** Since the last question. Node records the time between two timers, which includes their interval. */
  loopDelay() {
    const lateMs = (nanoseconds: number): number =>
      Number(Math.max(0, nanoseconds / 1e6 - loopResolutionMs).toFixed(1));
    const figures = {
      p50_ms: lateMs(loopDelay.percentile(50)),
      p99_ms: lateMs(loopDelay.percentile(99)),
      max_ms: lateMs(loopDelay.max),
    };
    loopDelay.reset();
    return figures;
  },
  /** After two garbage collections. */
  async memory() {
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return { rssBytes: await settledRss(), heldBytes: heapUsed + external, youngBytes: youngBytes() };
  },
};

export const sendParent = (message: ChildMessage): void => {
  process.send?.(message);
};

/** Answers questions about CPU and memory, and those in `answers`. Ends the process with its parent. */
export const answerParent = (answers: object): void => {
  const known = new Map<string, unknown>(Object.entries({ ...processAnswers, ...answers }));
  const reply = async ({ id, what, question }: ParentQuestion): Promise<void> => {
    try {
      const answer = known.get(what);
      if (typeof answer !== 'function') throw new Error(`unknown question ${what}`);
      sendParent({ id, answer: await (answer as (question: object) => unknown)(question) });
    } catch (error) {
      sendParent({ id, error: (error as Error).message });
    }
  };
  process.on('message', (message: ParentQuestion) => void reply(message));
  process.once('disconnect', () => process.exit(0));
};
