import { LRUCache } from 'lru-cache';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import type { Analysis } from '../analysis/catch-up.ts';

type Analyze = (sessionId: string, rules: AnalysisRules) => Promise<Analysis>;

interface Recent {
  result: Promise<Analysis>;
  /** Monotonic; infinite while the analysis is in progress. */
  untilMs: number;
}

/** An analysis that took less time runs again for each request. */
const cheapMs = 50;
/** A result is reused for this multiple of the time that it took, so that reading reports costs at most a tenth of a core per session. */
const servedPerCost = 9;
const maxSessions = 200;

/**
 * Bounds the cost of reading a running session's report. Usually the analysis is in memory and costs nothing; a student
 * who sends late frames can force a whole session to be analysed again. Simultaneous readers share one analysis, and an
 * expensive one is served again for a while. The end of a session bypasses this.
 */
export class AnalysisPacer {
  readonly #analyze: Analyze;
  readonly #monotonicMs: () => number;
  readonly #recent = new LRUCache<string, Recent>({ max: maxSessions });

  constructor(analyze: Analyze, monotonicMs: () => number = () => performance.now()) {
    this.#analyze = analyze;
    this.#monotonicMs = monotonicMs;
  }

  analyze(sessionId: string, rules: AnalysisRules): Promise<Analysis> {
    const key = JSON.stringify([sessionId, rules]);
    const known = this.#recent.get(key);
    const startedMs = this.#monotonicMs();
    if (known !== undefined && startedMs < known.untilMs) return known.result;
    const recent: Recent = { result: this.#analyze(sessionId, rules), untilMs: Infinity };
    this.#recent.set(key, recent);
    const settle = (isKept: boolean): void => {
      const costMs = this.#monotonicMs() - startedMs;
      recent.untilMs = startedMs + costMs * (1 + servedPerCost);
      if ((!isKept || costMs < cheapMs) && this.#recent.get(key) === recent) this.#recent.delete(key);
    };
    recent.result.then(
      () => settle(true),
      () => settle(false),
    );
    return recent.result;
  }
}
