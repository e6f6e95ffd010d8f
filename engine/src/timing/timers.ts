/** Clocks and timers of the engine. They are passed in, so that tests can control time. */
export interface Timers {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Milliseconds of any origin, by a clock that cannot be set. */
  steadyMs(): number;
  /** @returns a function that cancels the call. */
  after(delayMs: number, run: () => void): () => void;
  /** A late call does not delay the next ones. @returns a function that stops the calls. */
  every(periodMs: number, run: () => void): () => void;
  close(): void;
}
