export interface WatchdogLimits {
  /** Loading models over a slow network, compiling, timing backends. Restarts with each sign of progress. */
  loadSilenceMs: number;
  /** The first readings after loading still prepare weights. */
  firstReadsMs: number;
  readMs: number;
}

export const defaultWatchdogLimits: WatchdogLimits = { loadSilenceMs: 60_000, firstReadsMs: 20_000, readMs: 8_000 };
