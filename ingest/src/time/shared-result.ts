/**
 * Caches the result of `work` for `forMs`; concurrent callers share one run.
 * @param nowMs monotonic clock, milliseconds
 */
export const sharedResult = <Result>(
  work: () => Promise<Result>,
  forMs: number,
  nowMs: () => number,
): (() => Promise<Result>) => {
  let last: { result: Promise<Result>; sinceMs: number } | null = null;
  return () => {
    const sinceMs = nowMs();
    if (last === null || sinceMs - last.sinceMs >= forMs) last = { result: work(), sinceMs };
    return last.result;
  };
};
