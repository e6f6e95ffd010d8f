/** Tolerance for a fast client clock, milliseconds; a frame further in the future has a wrong clock. */
export const maxAheadMs = 600_000;

interface TimedFrame {
  timestamp: number;
  clock_corrected_ms?: number | null | undefined;
  ahead_ms?: number;
}

/**
 * A frame cannot be newer than its arrival. Shifts future frames of one message back together, so that the latest gets the time of arrival,
 * and records the shift in each frame. Mutates the frames.
 */
export const correctFuture = (frames: readonly TimedFrame[], receivedAtMs: number): void => {
  let latestMs = -Infinity;
  for (const { timestamp } of frames) latestMs = Math.max(latestMs, timestamp);
  if (latestMs <= receivedAtMs + maxAheadMs) return;
  const byMs = receivedAtMs - latestMs;
  for (const frame of frames) {
    if (frame.timestamp <= receivedAtMs) continue;
    frame.timestamp += byMs;
    frame.clock_corrected_ms = (frame.clock_corrected_ms ?? 0) + byMs;
    frame.ahead_ms = -byMs;
  }
};
