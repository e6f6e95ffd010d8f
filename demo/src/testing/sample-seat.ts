import type { Seat } from '../proctor/watch/seat.ts';

/** A connected student's seat. */
export const sampleSeat = (name: string, change: Partial<Seat> = {}): Seat => ({
  key: name,
  name,
  studentId: name,
  sessionId: `session-${name}`,
  isPresent: true,
  pageViolations: 0,
  hasSubmitted: false,
  answered: 0,
  lostAtMs: null,
  hasEnded: false,
  ...change,
});
