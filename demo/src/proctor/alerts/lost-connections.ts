import { computed } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
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

interface Watched {
  seats: ReadonlySignal<readonly Seat[]>;
  nowMs: ReadonlySignal<number>;
}

/** Calls the listener with the names of students whose connection joins the list, once for each time. @returns stops it */
export const onLostConnection = (watch: Watched, listener: (names: readonly string[]) => void): (() => void) => {
  let known = new Set<string>();
  const keys = computed(() =>
    lostConnections(watch.seats.value, watch.nowMs.value)
      .map(({ seat }) => seat.key)
      .join('\n'),
  );
  return keys.subscribe((joined) => {
    const lost = joined === '' ? [] : joined.split('\n');
    const added = lost.filter((key) => !known.has(key));
    known = new Set(lost);
    const names = new Map(watch.seats.peek().map(({ key, name }) => [key, name]));
    if (added.length > 0) listener(added.map((key) => names.get(key) ?? key));
  });
};
