import { expect, test } from 'vitest';
import { shiftTimestamps, shiftViolations } from './shift-timestamps.ts';

const paste = { type: 'PASTE_ATTEMPT' as const, timestamp: 4000 };

test('moves a frame with its violations, and notes by how much', () => {
  const frame = { seq: 3, timestamp: 5000, no_of_face: 1, page_violations: [paste] };
  expect(shiftTimestamps(frame, -1500)).toEqual({
    seq: 3,
    timestamp: 3500,
    no_of_face: 1,
    page_violations: [{ ...paste, timestamp: 2500 }],
    clock_corrected_ms: -1500,
  });
  expect(frame.timestamp).toBe(5000);
});

test('adds up several corrections', () => {
  const twice = shiftTimestamps(shiftTimestamps({ seq: 0, timestamp: 100 }, 50), -20);
  expect(twice).toEqual({ seq: 0, timestamp: 130, clock_corrected_ms: 30 });
});

test('a violation is never moved before the epoch', () => {
  expect(shiftViolations([paste], -9000)).toEqual([{ ...paste, timestamp: 0 }]);
});
