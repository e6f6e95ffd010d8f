import type { Seat } from './seat.ts';

/** Why a student needs attention, the most urgent reason last. */
const needs = ['nothing', 'page', 'unseen', 'lost', 'alert'] as const;
export type Need = (typeof needs)[number];

const isFinished = ({ hasSubmitted, hasEnded, isPresent }: Seat): boolean => !isPresent && (hasSubmitted || hasEnded);

/** @param isUnseen the student has not been observed for a while */
export const needOf = (seat: Seat, openAlerts: number, isUnseen = false): Need => {
  if (openAlerts > 0) return 'alert';
  if (seat.sessionId !== null && !seat.isPresent && !isFinished(seat)) return 'lost';
  if (isUnseen && seat.isPresent) return 'unseen';
  return seat.pageViolations > 0 && !isFinished(seat) ? 'page' : 'nothing';
};

export const seatFilters = ['all', 'attention', 'connected', 'lost', 'expected', 'finished'] as const;
export type SeatFilter = (typeof seatFilters)[number];

const fits = (seat: Seat, need: Need, filter: SeatFilter): boolean => {
  switch (filter) {
    case 'all':
      return true;
    case 'attention':
      return need !== 'nothing';
    case 'connected':
      return seat.isPresent;
    case 'lost':
      return seat.sessionId !== null && !seat.isPresent && !isFinished(seat);
    case 'expected':
      return seat.sessionId === null && !isFinished(seat);
    case 'finished':
      return isFinished(seat);
  }
};

/** How many students each filter shows. */
export const countByFilter = (
  seats: readonly Seat[],
  alerts: ReadonlyMap<string, { count: number }>,
  unseen: ReadonlySet<string> = new Set(),
): Record<SeatFilter, number> => {
  const counts = { all: 0, attention: 0, connected: 0, lost: 0, expected: 0, finished: 0 };
  for (const seat of seats) {
    const { sessionId } = seat;
    const need =
      sessionId === null ? needOf(seat, 0) : needOf(seat, alerts.get(sessionId)?.count ?? 0, unseen.has(sessionId));
    for (const filter of seatFilters) if (fits(seat, need, filter)) counts[filter] += 1;
  }
  return counts;
};

const isFound = ({ name, studentId }: Seat, words: readonly string[]): boolean => {
  const text = `${name} ${studentId ?? ''}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

export interface SeatQuery {
  filter: SeatFilter;
  search: string;
  /** The time of the oldest open alert and the number of open alerts, by session. */
  alerts: ReadonlyMap<string, { count: number; sinceMs: number }>;
  /** Sessions that have not been observed for a while. */
  unseen?: ReadonlySet<string>;
}

const names = new Intl.Collator(undefined, { numeric: true });

/**
 * Filters and sorts students: open alerts first (the longest waiting first), then lost connections, students who
 * cannot be seen, page events, and the others by name. Single readings do not change the order, so that tiles do not move
 * while a proctor looks at them.
 */
export const orderSeats = (seats: readonly Seat[], query: SeatQuery): Seat[] => {
  const { filter, search, alerts, unseen } = query;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const alertsOf = ({ sessionId }: Seat) => (sessionId === null ? undefined : alerts.get(sessionId));
  return seats
    .filter((seat) => isFound(seat, words))
    .map((seat) => {
      const { count = 0, sinceMs = 0 } = alertsOf(seat) ?? {};
      return { seat, sinceMs, need: needOf(seat, count, unseen?.has(seat.sessionId ?? '')) };
    })
    .filter(({ seat, need }) => fits(seat, need, filter))
    .sort(
      (a, b) =>
        needs.indexOf(b.need) - needs.indexOf(a.need) ||
        a.sinceMs - b.sinceMs ||
        b.seat.pageViolations - a.seat.pageViolations ||
        names.compare(a.seat.name, b.seat.name) ||
        names.compare(a.seat.key, b.seat.key),
    )
    .map(({ seat }) => seat);
};
