/** Kinds of work: the face search runs on every frame; the others on some frames only. */
export type Work = 'face' | 'phone' | 'hands';

interface Run {
  work: Work;
  atMs: number;
  costMs: number;
}

const windowMs = 10_000;
/** With less observed time, a rate is unreliable. */
const shortestMs = 2000;

/** How often each kind of work ran, and its cost, over the last ten seconds. */
export class AchievedRates {
  #runs: Run[] = [];
  #firstMs: number | null = null;

  ran(work: Work, atMs: number, costMs: number): void {
    this.#firstMs ??= atMs;
    this.#runs.push({ work, atMs, costMs });
    while (this.#runs[0] !== undefined && atMs - this.#runs[0].atMs >= windowMs) this.#runs.shift();
  }

  /** Runs a second; null while too little was observed. */
  rateHz(work: Work, atMs: number): number | null {
    const spanMs = this.#spanMs(atMs);
    return spanMs === null ? null : (this.#runs.filter((run) => run.work === work).length * 1000) / spanMs;
  }

  /** Share of one core. */
  load(atMs: number): number | null {
    const spanMs = this.#spanMs(atMs);
    return spanMs === null ? null : this.#runs.reduce((sum, { costMs }) => sum + costMs, 0) / spanMs;
  }

  #spanMs(atMs: number): number | null {
    if (this.#firstMs === null || atMs - this.#firstMs < shortestMs) return null;
    return Math.min(windowMs, atMs - this.#firstMs);
  }
}
