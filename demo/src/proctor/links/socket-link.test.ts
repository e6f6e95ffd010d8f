// @vitest-environment happy-dom
import { closeCodes } from '@invigil/protocol/channels';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newest, watchSockets } from '../../testing/sockets.ts';
import type { TestSocket } from '../../testing/sockets.ts';
import { SocketLink, waitMsOf } from './socket-link.ts';
import type { LinkState } from './socket-link.ts';

let sockets: TestSocket[];
let states: LinkState[];
let messages: unknown[];
let opened: number;
let pings: number;
let link: SocketLink;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
  sockets = watchSockets();
  states = [];
  messages = [];
  opened = 0;
  pings = 0;
  let asked = 0;
  link = new SocketLink({
    path: () => `/ws/test?attempt=${++asked}`,
    silentAfterMs: 60_000,
    ping: () => (pings += 1),
    opened: () => (opened += 1),
    message: (message) => messages.push(message),
    state: (state) => states.push(state),
  });
});

afterEach(() => {
  link.close();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a link', () => {
  test('connects to this page’s server, and is open once a message has come', () => {
    link.open();
    expect(new URL(newest(sockets).url).pathname).toBe('/ws/test');
    expect(newest(sockets).url).toMatch(/^wss?:/);
    newest(sockets).open();
    expect(opened).toBe(1);
    expect(states).toEqual([{ state: 'connecting' }]);
    newest(sockets).receive({ type: 'hello' });
    newest(sockets).receive({ type: 'hello' });
    expect(states).toEqual([{ state: 'connecting' }, { state: 'open' }]);
  });

  test('a proxy that opens sockets and lets nothing through is a lost connection', async () => {
    link.open();
    for (let attempt = 1; attempt < 5; attempt += 1) {
      newest(sockets).open();
      await vi.advanceTimersByTimeAsync(9999);
      expect(newest(sockets).isClosedByPage).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(newest(sockets).isClosedByPage).toBe(true);
      expect(states.at(-1)).toMatchObject({ state: 'waiting', attempt });
      await vi.advanceTimersByTimeAsync(waitMsOf(attempt, 0));
    }
    // Tells the page only now, when the connection works again.
    expect(states.filter(({ state }) => state === 'connecting')).toHaveLength(1);
    newest(sockets).open();
    newest(sockets).receive({ type: 'hello' });
    expect(states.at(-1)).toEqual({ state: 'open' });
  });

  test('a connection that falls silent is replaced', async () => {
    link.open();
    newest(sockets).open();
    newest(sockets).receive({ type: 'hello' });
    await vi.advanceTimersByTimeAsync(59_000);
    newest(sockets).receive({ type: 'hello' });
    const heardAtMs = Date.now();
    await vi.advanceTimersByTimeAsync(69_999);
    expect(newest(sockets).isClosedByPage).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(newest(sockets).isClosedByPage).toBe(true);
    expect(states.at(-1)).toEqual({ state: 'waiting', attempt: 1, heardAtMs });
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets).toHaveLength(2);
  });

  test('a silent connection is sent one ping, and stays if that is answered', async () => {
    link.open();
    newest(sockets).open();
    newest(sockets).receive({ type: 'hello' });
    await vi.advanceTimersByTimeAsync(59_999);
    expect(pings).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(pings).toBe(1);
    await vi.advanceTimersByTimeAsync(9999);
    newest(sockets).receive({ type: 'hello' });
    await vi.advanceTimersByTimeAsync(59_999);
    expect(pings).toBe(1);
    expect(states.at(-1)).toEqual({ state: 'open' });
  });

  test('begins with the first wait again after a connection that fell silent', async () => {
    link.open();
    newest(sockets).end(1006);
    await vi.advanceTimersByTimeAsync(1000);
    newest(sockets).end(1006);
    expect(states.at(-1)).toMatchObject({ state: 'waiting', attempt: 2 });
    await vi.advanceTimersByTimeAsync(1500);
    newest(sockets).open();
    newest(sockets).receive({ type: 'hello' });
    await vi.advanceTimersByTimeAsync(70_000);
    expect(states.at(-1)).toMatchObject({ state: 'waiting', attempt: 1 });
  });

  test('forwards messages, and null for invalid JSON', () => {
    link.open();
    newest(sockets).open();
    newest(sockets).receive({ type: 'hello' });
    newest(sockets).receive('<html>');
    expect(messages).toEqual([{ type: 'hello' }, null]);
  });

  test('sends while it is open, and drops messages otherwise', () => {
    link.send({ lost: 1 });
    link.open();
    link.send({ lost: 2 });
    newest(sockets).open();
    link.send({ kept: 3 });
    expect(newest(sockets).sent).toEqual([{ kept: 3 }]);
  });

  test('comes back by itself, later with each attempt, and asks for its address each time', async () => {
    link.open();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const before = sockets.length;
      newest(sockets).end(1006);
      let waitedMs = 0;
      while (sockets.length === before) {
        await vi.advanceTimersByTimeAsync(1);
        waitedMs += 1;
      }
      waits.push(waitedMs);
    }
    expect(waits).toEqual([1000, 1500, 2250, 3375]);
    expect(states.filter(({ state }) => state === 'waiting')).toEqual(
      [1, 2, 3, 4].map((attempt) => ({ state: 'waiting', attempt, heardAtMs: null })),
    );
    expect(newest(sockets).url).toContain('attempt=5');
  });

  test('begins with the first wait again after a connection that held', async () => {
    link.open();
    newest(sockets).end(1006);
    await vi.advanceTimersByTimeAsync(1000);
    newest(sockets).open();
    newest(sockets).receive({ type: 'hello' });
    await vi.advanceTimersByTimeAsync(5000);
    newest(sockets).end(1006);
    expect(states.at(-1)).toMatchObject({ state: 'waiting', attempt: 1 });
  });

  test.each([
    [closeCodes.replaced.code, 'replaced'],
    [closeCodes.policyViolation.code, 'denied'],
    [closeCodes.sessionEnded.code, 'closed'],
  ])('does not come back after close code %i: it is %s', async (code, reason) => {
    link.open();
    newest(sockets).open();
    newest(sockets).end(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toEqual({ state: 'over', reason });
    expect(sockets).toHaveLength(1);
  });

  test.each([
    [1000, ''],
    [1008, 'blocked by policy'],
    [1009, ''],
    [4000, 'idle timeout'],
    [4001, ''],
  ])('comes back after a proxy closed with %i and the words “%s”', async (code, words) => {
    link.open();
    newest(sockets).open();
    newest(sockets).end(code, words);
    expect(states.at(-1)).toMatchObject({ state: 'waiting', attempt: 1 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(sockets).toHaveLength(2);
  });

  test('is replaced, also where the server says so with the reason alone', () => {
    link.open();
    newest(sockets).open();
    newest(sockets).end(1000, closeCodes.replaced.reason);
    expect(states.at(-1)).toEqual({ state: 'over', reason: 'replaced' });
  });

  test('does not come back to an exam that is over', () => {
    link.open();
    newest(sockets).open();
    newest(sockets).end(1000, 'the exam is COMPLETED');
    expect(states.at(-1)).toEqual({ state: 'over', reason: 'closed' });
  });

  test('can be opened again after that, and then forgets the old socket', () => {
    link.open();
    const [first] = sockets;
    first?.open();
    link.open();
    expect(first?.isClosedByPage).toBe(true);
    newest(sockets).open();
    newest(sockets).receive({ type: 'hello' });
    first?.receive({ type: 'late' });
    first?.end(1006);
    expect(messages).toEqual([{ type: 'hello' }]);
    expect(states.at(-1)).toEqual({ state: 'open' });
  });

  test('stays closed when it is closed while it waits', async () => {
    link.open();
    newest(sockets).end(1006);
    link.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
  });
});

describe('the wait before an attempt', () => {
  test('is never longer than fifteen seconds, and never shorter than 0.7 of one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const waitMs = waitMsOf(attempt, random);
        expect(waitMs).toBeLessThanOrEqual(15_000);
        expect(waitMs).toBeGreaterThanOrEqual(700);
        expect(waitMs).toBeLessThanOrEqual(waitMsOf(attempt + 1, random));
      }),
    );
  });
});
