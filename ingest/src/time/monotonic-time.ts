/** Milliseconds since this process started. Never set back and never leaps, unlike the wall clock: for intervals and deadlines. */
export const monotonicMs = (): number => performance.now();
