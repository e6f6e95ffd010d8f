import type { Seat } from '../watch/seat.ts';

/** A shorter interruption is not listed: pages reconnect by themselves. */
const listAfterMs = 10_000;

export interface LostConnection {
  seat: Seat;
  sinceMs: number;
}

/** Students whose connection has been lost for a while since this page opened, the longest first. */
export const lostConnections = (seats: readonly Seat[], nowMs: number): LostConnection[] =>
  seats
    .flatMap((seat) => {
      const { isPresent, hasSubmitted, hasEnded, lostAtMs } = seat;
      const isLost = !isPresent && !hasSubmitted && !hasEnded && lostAtMs !== null;
      return isLost && nowMs - lostAtMs >= listAfterMs ? [{ seat, sinceMs: lostAtMs }] : [];
    })
    .toSorted((a, b) => a.sinceMs - b.sinceMs);
