/** Runs inside a measured process and answers its parent's questions about the resources used. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ChildMessage, ParentQuestion, ProcessAnswers } from './questions.ts';

const loopResolutionMs = 10;
const loopDelay = monitorEventLoopDelay({ resolution: loopResolutionMs });
loopDelay.enable();

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
  memory() {
    globalThis.gc?.();
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rssBytes: rss, heldBytes: heapUsed + external };
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
