import { expect, test } from 'vitest';
import { ParticipantOrder } from './participant-order.ts';
import type { ParticipantEvent } from './participant-order.ts';

const event = (type: 'joined' | 'disconnected', studentId: string, count: number): ParticipantEvent => ({
  type: `participant_${type}`,
  session_id: 'physics',
  student_id: studentId,
  connected_count: count,
  timestamp: '2026-01-05T09:00:00.000Z',
});
const [joined, left] = [event('joined', 'ada', 1), event('disconnected', 'ada', 0)];

test('events in order pass unchanged, several of one change too', () => {
  const order = new ParticipantOrder();
  expect([order.next(joined, 1), order.next(left, 2), order.next(joined, 2)]).toEqual([joined, left, joined]);
});

test('a student’s event that a newer one has overtaken is left out', () => {
  const order = new ParticipantOrder();
  expect([order.next(joined, 3), order.next(left, 2)]).toEqual([joined, null]);
});

test('another student’s event that was overtaken has the newest count', () => {
  const order = new ParticipantOrder();
  order.next(event('joined', 'ada', 2), 2);
  expect(order.next(event('joined', 'bob', 1), 1)).toEqual(event('joined', 'bob', 2));
});

test('events after the clock was set back pass', () => {
  const order = new ParticipantOrder();
  order.next(joined, 100_000_000);
  expect(order.next(left, 10_000_000)).toEqual(left);
  expect(order.next(joined, 9_000_000)).toBe(null);
});
