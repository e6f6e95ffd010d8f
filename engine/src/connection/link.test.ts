import { expect, test } from 'vitest';
import { Link } from './link.ts';
import type { OpenTransport, TransportEvents } from './transport.ts';

const target = { serverUrl: 'http://server', sessionId: 's', token: null };

const setUp = () => {
  const opened: TransportEvents[] = [];
  const closed: number[] = [];
  const open: OpenTransport = (_target, events) => {
    const index = opened.push(events) - 1;
    return { send: () => undefined, bufferedBytes: 0, close: () => closed.push(index) };
  };
  const seen: string[] = [];
  const events: TransportEvents = {
    open: () => seen.push('open'),
    message: ({ type }) => seen.push(type),
    close: ({ code }) => seen.push(`close ${code}`),
  };
  return { link: new Link(), open, opened, closed, seen, events };
};

test('forwards the events of the current attempt', () => {
  const { link, open, opened, seen, events } = setUp();
  link.beginAttempt();
  link.connect(open, target, events);
  opened[0]?.open();
  opened[0]?.message({ type: 'session_ended' } as Parameters<TransportEvents['message']>[0]);
  opened[0]?.close({ code: 1006, reason: '' });
  expect(seen).toEqual(['open', 'session_ended', 'close 1006']);
});

test('ignores events of an earlier attempt', () => {
  const { link, open, opened, closed, seen, events } = setUp();
  const isCurrent = link.beginAttempt();
  link.connect(open, target, events);
  expect(isCurrent()).toBe(true);
  link.drop();
  expect(isCurrent()).toBe(false);
  expect(closed).toEqual([0]);
  opened[0]?.open();
  opened[0]?.close({ code: 1006, reason: '' });
  expect(seen).toEqual([]);
  expect(link.transport).toBeNull();
});
