import { describe, expect, test } from 'vitest';
import { countByFilter, orderSeats, seatFilters } from './seat-order.ts';
import type { SeatQuery } from './seat-order.ts';
import type { Seat } from './seat.ts';
import { sampleSeat as seat } from '../../testing/sample-seat.ts';

const query = (more: Partial<SeatQuery> = {}): SeatQuery => ({
  filter: 'all',
  search: '',
  alerts: new Map(),
  ...more,
});
const namesOf = (seats: readonly Seat[]): string[] => seats.map(({ name }) => name);

describe('the order of the wall', () => {
  const seats = [
    seat('s-10'),
    seat('s-9'),
    seat('page', { pageViolations: 2 }),
    seat('lost', { isPresent: false }),
    seat('later'),
    seat('earlier'),
  ];
  const alerts = new Map([
    ['session-later', { count: 3, sinceMs: 2000 }],
    ['session-earlier', { count: 1, sinceMs: 1000 }],
  ]);

  test('puts the longest waiting alert first, then lost connections, then the rest by name', () => {
    expect(namesOf(orderSeats(seats, query({ alerts })))).toEqual(['earlier', 'later', 'lost', 'page', 's-9', 's-10']);
  });

  test('puts a student who cannot be seen after lost connections, and an ended session nowhere', () => {
    const here = [...seats, seat('unseen'), seat('ended', { isPresent: false, hasEnded: true })];
    const unseen = new Set(['session-unseen', 'session-lost']);
    expect(namesOf(orderSeats(here, query({ unseen })))).toEqual([
      'lost',
      'unseen',
      'page',
      'earlier',
      'ended',
      'later',
      's-9',
      's-10',
    ]);
    expect(namesOf(orderSeats(here, query({ filter: 'finished' })))).toEqual(['ended']);
  });

  test('does not count a student as lost who never connected, or who has submitted', () => {
    const away = [
      seat('a-never', { isPresent: false, sessionId: null }),
      seat('b-done', { isPresent: false, hasSubmitted: true }),
    ];
    expect(namesOf(orderSeats([seat('0-here'), ...away], query()))).toEqual(['0-here', 'a-never', 'b-done']);
    expect(orderSeats(away, query({ filter: 'attention' }))).toEqual([]);
  });

  test('searches for all words, in name or number, and filters', () => {
    const named = [seat('Ada Lovelace', { studentId: 'm-17' }), seat('Ada Byron', { studentId: 'm-18' })];
    expect(namesOf(orderSeats(named, query({ search: '17 ada' })))).toEqual(['Ada Lovelace']);
    expect(namesOf(orderSeats(seats, query({ filter: 'lost' })))).toEqual(['lost']);
    expect(namesOf(orderSeats(seats, query({ filter: 'attention', alerts })))).toEqual([
      'earlier',
      'later',
      'lost',
      'page',
    ]);
  });
});

test('each filter’s count is the number of students that it shows', () => {
  const seats = [
    seat('a', { sessionId: 's-a', isPresent: true }),
    seat('b', { sessionId: 's-b', isPresent: false }),
    seat('c', { sessionId: 's-c', isPresent: false, hasSubmitted: true }),
    seat('d', { sessionId: null, isPresent: false }),
    seat('e', { sessionId: 's-e' }),
  ];
  const unseen = new Set(['s-e']);
  const alerts = new Map([['s-a', { count: 1, sinceMs: 0 }]]);
  const counts = countByFilter(seats, alerts, unseen);
  expect(counts).toEqual({ all: 5, attention: 3, connected: 2, lost: 1, expected: 1, finished: 1 });
  for (const filter of seatFilters) {
    expect(orderSeats(seats, { filter, search: '', alerts, unseen })).toHaveLength(counts[filter]);
  }
});
