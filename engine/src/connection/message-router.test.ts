import { expect, test } from 'vitest';
import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { routeMessage } from './message-router.ts';
import type { MessageHandlers } from './message-router.ts';

/** The calls that a message leads to, as `[handler, …arguments]`. */
const callsOf = (message: ServerSessionMessage): unknown[][] => {
  const calls: unknown[][] = [];
  const note =
    (name: keyof MessageHandlers) =>
    (...parts: unknown[]): void => {
      calls.push([name, ...parts]);
    };
  routeMessage(message, {
    onWelcome: note('onWelcome'),
    onAck: note('onAck'),
    onSessionEnded: note('onSessionEnded'),
    onBusy: note('onBusy'),
    onFrameRejected: note('onFrameRejected'),
    onRefused: note('onRefused'),
    onPong: note('onPong'),
    onGuidance: note('onGuidance'),
    onPictures: note('onPictures'),
  });
  return calls;
};

const error = (code: string, seq?: number): ServerSessionMessage =>
  ({ type: 'error', code, message: 'why', ...(seq === undefined ? {} : { seq }) }) as ServerSessionMessage;

test.each<[ServerSessionMessage, string]>([
  [{ type: 'welcome', session_id: 's', server_time_ms: 1, up_to_seq: 4, highest_seq: 4, chain: null }, 'onWelcome'],
  [{ type: 'ack', up_to_seq: 3, seqs: [], chain: null }, 'onAck'],
  [{ type: 'pictures', every_ms: 2000, now: false }, 'onPictures'],
  [{ type: 'proctor_message', message_id: 'm', text: 'Hello', timestamp: 't' } as ServerSessionMessage, 'onGuidance'],
  [{ type: 'break', action: 'begin', timestamp: 't' } as ServerSessionMessage, 'onGuidance'],
  [{ type: 'breaks', allowed: true } as ServerSessionMessage, 'onGuidance'],
])('hands the whole message on: %o → %s', (message, handler) => {
  expect(callsOf(message)).toEqual([[handler, message]]);
});

test('a heartbeat calls nothing', () => {
  expect(callsOf({ type: 'heartbeat', session_id: 's', timestamp: 't' })).toEqual([]);
});

test('reads the server’s time of a pong, and NaN where it did not say', () => {
  expect(callsOf({ type: 'pong', timestamp: '2026-01-01T00:00:01.500Z' })).toEqual([
    ['onPong', Date.UTC(2026, 0, 1, 0, 0, 1, 500)],
  ]);
  expect(callsOf({ type: 'pong', timestamp: '' })).toEqual([['onPong', NaN]]);
});

test('the end of the session has one handler, for a message and for an error', () => {
  const ended = { type: 'session_ended', session_id: 's' } as unknown as ServerSessionMessage;
  expect(callsOf(ended)).toEqual([['onSessionEnded']]);
  expect(callsOf(error('SESSION_ENDED'))).toEqual([['onSessionEnded']]);
  // The number does not matter then: no further frame is accepted.
  expect(callsOf(error('SESSION_ENDED', 7))).toEqual([['onSessionEnded']]);
});

test('pauses for the server’s duration, or for two seconds if it only reports that it is busy', () => {
  expect(callsOf({ type: 'slow_down', retry_after_ms: 1234, reason: 'test' })).toEqual([['onBusy', 1234]]);
  expect(callsOf(error('STORE_UNAVAILABLE'))).toEqual([['onBusy', 2000]]);
  expect(callsOf(error('RATE_EXCEEDED'))).toEqual([['onBusy', 2000]]);
});

test('a refused frame is the frame’s fault alone, whatever its code', () => {
  expect(callsOf(error('INVALID_FRAME', 12))).toEqual([['onFrameRejected', 12]]);
  expect(callsOf(error('STORE_UNAVAILABLE', 0))).toEqual([['onFrameRejected', 0]]);
});

test('any other refusal pauses frames, except for a thumbnail’s', () => {
  expect(callsOf(error('INVALID_MESSAGE'))).toEqual([['onRefused', 'INVALID_MESSAGE: why', 5000]]);
  expect(callsOf(error('PICTURE_REFUSED'))).toEqual([['onRefused', 'PICTURE_REFUSED: why', 0]]);
});
