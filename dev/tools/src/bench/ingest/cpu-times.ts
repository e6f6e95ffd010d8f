/** CPU milliseconds used so far, and when they were read (`performance.now()`). */
export interface CpuTimes {
  atMs: number;
  serversMs: number[];
  redisMs: number;
  generatorMs: number;
}

/** Shares of one core. */
export interface CoreShares {
  server: number[];
  redis: number;
  generator: number;
}

/** The CPU that was used between two readings. */
export const coresBetween = (before: CpuTimes, after: CpuTimes): CoreShares => {
  const lastedMs = after.atMs - before.atMs;
  const share = (fromMs: number, toMs: number): number => Number(((toMs - fromMs) / lastedMs).toFixed(3));
  return {
    server: after.serversMs.map((ms, at) => share(before.serversMs[at] ?? 0, ms)),
    redis: share(before.redisMs, after.redisMs),
    generator: share(before.generatorMs, after.generatorMs),
  };
};
