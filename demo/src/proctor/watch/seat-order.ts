import type { Seat } from './seat.ts';

/** Why a student needs attention, the most urgent reason last. */
const needs = ['nothing', 'page', 'lost', 'alert'] as const;
export type Need = (typeof needs)[number];

export const needOf = (seat: Seat, openAlerts: number): Need => {
  if (openAlerts > 0) return 'alert';
  if (seat.sessionId !== null && !seat.isPresent && !seat.hasSubmitted) return 'lost';
  return seat.pageViolations > 0 ? 'page' : 'nothing';
};

export const seatFilters = ['all', 'attention', 'connected', 'away'] as const;
export type SeatFilter = (typeof seatFilters)[number];

const fits = (seat: Seat, need: Need, filter: SeatFilter): boolean => {
  switch (filter) {
    case 'all':
      return true;
    case 'attention':
      return need !== 'nothing';
    case 'connected':
      return seat.isPresent;
    case 'away':
      return !seat.isPresent;
  }
};

/** How many students each filter shows. */
export const countByFilter = (
  seats: readonly Seat[],
  alerts: ReadonlyMap<string, { count: number }>,
): Record<SeatFilter, number> => {
  const counts = { all: 0, attention: 0, connected: 0, away: 0 };
  for (const seat of seats) {
    const need = needOf(seat, seat.sessionId === null ? 0 : (alerts.get(seat.sessionId)?.count ?? 0));
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
}

const names = new Intl.Collator(undefined, { numeric: true });

/**
 * Filters and sorts students: open alerts first (the longest waiting first), then lost connections, page events, and
 * the others by name. Readings do not change the order, so that tiles do not move while a proctor looks at them.
 */
export const orderSeats = (seats: readonly Seat[], { filter, search, alerts }: SeatQuery): Seat[] => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const alertsOf = ({ sessionId }: Seat) => (sessionId === null ? undefined : alerts.get(sessionId));
  return seats
    .filter((seat) => isFound(seat, words))
    .map((seat) => ({ seat, need: needOf(seat, alertsOf(seat)?.count ?? 0), sinceMs: alertsOf(seat)?.sinceMs ?? 0 }))
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
