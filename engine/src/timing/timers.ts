/** Time as the engine uses it; it comes in as a parameter, so that tests can hold the clock. */
export interface Timers {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Milliseconds of any origin, by a clock that nobody can set. */
  steadyMs(): number;
  /** @returns a function that cancels it. */
  after(delayMs: number, run: () => void): () => void;
  /** Steady: a late call does not make the next ones later. @returns a function that ends it. */
  every(periodMs: number, run: () => void): () => void;
  close(): void;
}
