import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TransportLadder } from './transport-ladder.ts';

const fail = (ladder: TransportLadder, times: number, isHeard: boolean): void => {
  for (let time = 0; time < times; time += 1) ladder.failed(isHeard);
};
const named = ({ step }: TransportLadder): string =>
  `${step.transport} ${step.maxBatchBytes}${step.compressed ? ' compressed' : ''}`;

test('steps down after three attempts each: smaller, uncompressed, HTTP, small HTTP', () => {
  const ladder = new TransportLadder();
  const seen = [named(ladder)];
  for (let step = 0; step < 4; step += 1) {
    fail(ladder, 2, true);
    expect(named(ladder)).toBe(seen.at(-1));
    fail(ladder, 1, true);
    seen.push(named(ladder));
  }
  expect(seen).toEqual(['socket 64000 compressed', 'socket 4000 compressed', 'socket 4000', 'http 64000', 'http 4000']);
});

test('switches straight to HTTP if no server message arrives through a socket', () => {
  const ladder = new TransportLadder();
  fail(ladder, 3, false);
  expect(ladder.step.transport).toBe('http');
});

test('alternates between socket and HTTP if nothing gets through at all', () => {
  const ladder = new TransportLadder();
  fail(ladder, 6, false);
  const used: string[] = [];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    used.push(ladder.step.transport);
    ladder.failed(false);
  }
  expect(used).toEqual(['socket', 'http', 'socket', 'http']);
});

test('after a WebSocket that worked, the server is probably down: HTTP comes late, and seldom', () => {
  const ladder = new TransportLadder();
  ladder.proved();
  const used: string[] = [];
  for (let attempt = 0; attempt < 13; attempt += 1) {
    used.push(ladder.step.transport);
    ladder.failed(false);
  }
  const sockets = Array<string>(6).fill('socket');
  expect(used).toEqual([...sockets, 'http', 'socket', 'socket', 'http', 'socket', 'socket', 'http']);
});

test('after a WebSocket that worked, a network that answers nothing at all gets HTTP as early as before', () => {
  const ladder = new TransportLadder();
  ladder.proved();
  const used: string[] = [];
  for (let attempt = 0; attempt < 6; attempt += 1) {
    used.push(ladder.step.transport);
    ladder.failed(false, true);
  }
  expect(used).toEqual(['socket', 'socket', 'socket', 'http', 'socket', 'http']);
});

test('after a WebSocket that worked, three attempts in which the server was heard still lead to smaller messages', () => {
  const ladder = new TransportLadder();
  ladder.proved();
  fail(ladder, 2, false);
  fail(ladder, 2, true);
  expect(named(ladder)).toBe('socket 64000 compressed');
  fail(ladder, 1, true);
  expect(named(ladder)).toBe('socket 4000 compressed');
});

test('where HTTP worked last, WebSockets are given up as quickly as at first', () => {
  const ladder = new TransportLadder();
  ladder.proved();
  fail(ladder, 6, false);
  ladder.proved();
  ladder.probe();
  ladder.failed(false);
  expect(ladder.step.transport).toBe('http');
  fail(ladder, 3, false);
  fail(ladder, 1, false);
  expect(ladder.step.transport).toBe('http');
});

test('returns to the proven step after one failed probe, and probes less often', () => {
  const ladder = new TransportLadder();
  expect(ladder.probeAfterMs).toBeNull();
  fail(ladder, 3, false);
  ladder.proved();
  expect(ladder.probeAfterMs).toBe(15_000);
  ladder.probe();
  expect(ladder.step.transport).toBe('socket');
  ladder.failed(false);
  expect(ladder.step.transport).toBe('http');
  expect(ladder.probeAfterMs).toBe(30_000);
});

test('keeps a better step that works, until the best is reached', () => {
  const ladder = new TransportLadder();
  fail(ladder, 6, true);
  for (let probe = 0; probe < 2; probe += 1) {
    ladder.probe();
    ladder.proved();
  }
  expect(named(ladder)).toBe('socket 64000 compressed');
  expect(ladder.probeAfterMs).toBeNull();
});

test('always has a step, and finds HTTP within eight attempts from any step', () => {
  const events = fc.constantFrom('heard', 'silent', 'proved', 'probe');
  fc.assert(
    fc.property(fc.array(events, { maxLength: 60 }), (history) => {
      const ladder = new TransportLadder();
      for (const event of history) {
        if (event === 'proved') ladder.proved();
        else if (event === 'probe') {
          if (ladder.probeAfterMs !== null) ladder.probe();
        } else ladder.failed(event === 'heard');
        expect(ladder.step).toBeDefined();
      }
      const used = new Set<string>();
      for (let attempt = 0; attempt < 8; attempt += 1) {
        used.add(ladder.step.transport);
        ladder.failed(false);
      }
      expect(used).toContain('http');
    }),
  );
});
