/** A frame may be ahead of the server's clock by so much; more is a wrong clock, not a fast one. */
export const maxAheadMs = 600_000;

interface TimedFrame {
  timestamp: number;
  clock_corrected_ms?: number | null | undefined;
}

/**
 * Nothing can have been seen after it was received. Frames of one message that say so are moved back together, so that the last of
 * them was seen when it was received, and each says by how much. Changes the frames that it is given.
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
  }
};
