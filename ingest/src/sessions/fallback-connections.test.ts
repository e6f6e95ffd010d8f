import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FallbackConnections } from './fallback-connections.ts';
import type { SendToSession } from './session-connection.ts';
import { sampleSession as session } from '../../test/sample-session.ts';

const silenceMs = 1000;

let events: string[];
let send: SendToSession;
let connections: FallbackConnections;
beforeEach(() => {
  vi.useFakeTimers();
  events = [];
  connections = new FallbackConnections(({ sessionId }, sendToSession) => {
    events.push(`connected ${sessionId}`);
    send = sendToSession;
    return {
      onHello: ({ pictures = false }) => events.push(`hello ${pictures}`),
      onClose: () => events.push('closed'),
    };
  }, silenceMs);
});
afterEach(() => void vi.useRealTimers());

test('connects a student once for any number of requests', () => {
  connections.onRequest(session);
  connections.onRequest(session);
  connections.onHello('s1', { type: 'hello', client_time_ms: 0, pictures: true });
  expect(events).toEqual(['connected s1', 'hello true']);
});

test('disconnects a student whose requests stop, and only then', () => {
  connections.onRequest(session);
  vi.advanceTimersByTime(silenceMs - 1);
  connections.onRequest(session);
  vi.advanceTimersByTime(silenceMs - 1);
  expect(events).toEqual(['connected s1']);
  vi.advanceTimersByTime(1);
  expect(events).toEqual(['connected s1', 'closed']);
});

test('keeps the newest message of each type for the next answer, and returns it once', () => {
  connections.onRequest(session);
  send({ type: 'heartbeat', session_id: 's1', timestamp: 'first' });
  send({ type: 'heartbeat', session_id: 's1', timestamp: 'second' });
  expect(connections.takePending('s1')).toEqual([{ type: 'heartbeat', session_id: 's1', timestamp: 'second' }]);
  expect(connections.takePending('s1')).toEqual([]);
});

test('has no messages for an unknown session, and ignores its hello and its end', () => {
  expect(connections.takePending('s2')).toEqual([]);
  connections.onHello('s2', { type: 'hello', client_time_ms: 0 });
  connections.disconnect('s2');
  expect(events).toEqual([]);
});

test('closes each connection once, and connects no students afterwards', () => {
  connections.onRequest(session);
  connections.close();
  connections.close();
  connections.onRequest(session);
  vi.advanceTimersByTime(silenceMs);
  expect(events).toEqual(['connected s1', 'closed']);
  expect(vi.getTimerCount()).toBe(0);
});
