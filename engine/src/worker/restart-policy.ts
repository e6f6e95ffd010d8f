const FIRST_DELAY_MS = 500;
const FACTOR = 2;
const LONGEST_DELAY_MS = 30_000;
const MOST_ATTEMPTS = 8;

/** How long to wait before the nth restart in a row; null when it is not worth another try. */
export function restartDelayMs(attempt: number): number | null {
  if (attempt > MOST_ATTEMPTS) return null;
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * FACTOR ** (attempt - 1));
}
