const firstDelayMs = 500;
const factor = 2;
const longestDelayMs = 30_000;
const mostAttempts = 8;

/** How long to wait before the nth restart in a row; null to give up. */
export const restartDelayMs = (attempt: number): number | null => {
  if (attempt > mostAttempts) return null;
  return Math.min(longestDelayMs, firstDelayMs * factor ** (attempt - 1));
};
