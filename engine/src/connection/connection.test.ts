import { expect, test } from 'vitest';
import { ModelNetwork, ModelServer, hashOf } from '@invigil/testkit/network/model-network';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { MemoryOutboxStore } from '../outbox/memory-outbox-store.ts';
import { Outbox } from '../outbox/outbox.ts';
import type { ClockRelation } from '../outbox/session-time.ts';
import { Connection } from './connection.ts';
import type { PicturesMessage } from './connection-options.ts';
import type { ConnectionState } from './delivery-state.ts';
import type { ClientMessage } from './transport.ts';

const limits = { maxFrames: 1000, maxBytes: 1_000_000, maxCachedBytes: 60_000 };

interface Overrides {
  onRelated?: (relation: ClockRelation | null) => Promise<void>;
  store?: MemoryOutboxStore;
  token?: () => Promise<string>;
}

const setUp = async ({ onRelated = async () => undefined, store = new MemoryOutboxStore(), token }: Overrides = {}) => {
  const timers = new ManualTimers();
  const server = new ModelServer();
  const network = new ModelNetwork(timers, server);
  const outbox = await Outbox.open(store, limits);
  const states: ConnectionState[] = [];
  const refusals: string[] = [];
  const guidance: string[] = [];
  const pictures: (PicturesMessage | null)[] = [];
  const connection = new Connection(
    { serverUrl: 'http://server', sessionId: 's', token, batchIntervalMs: 1000 },
    {
      outbox,
      timers,
      transports: { socket: network.open, http: network.open },
      digest: async (text) => hashOf(text),
      random: () => 0.5,
      onRelated,
      onState: (state) => states.push(state),
      onRefused: (detail) => refusals.push(detail),
      onGuidance: ({ type }) => guidance.push(type),
      onPictures: (request) => pictures.push(request),
    },
  );
  const append = (): void => outbox.append({ seq: outbox.nextSeq, timestamp: timers.nowMs(), no_of_face: 1 });
  /** Messages of one type that this client sent. */
  const sent = (type: ClientMessage['type']): unknown[] =>
    network.texts.map((text) => JSON.parse(text) as ClientMessage).filter((message) => message.type === type);
  const ready = async (): Promise<void> => {
    connection.open();
    await timers.advance(100);
    if (connection.state.state !== 'ready') throw new Error(`it is ${connection.state.state}`);
  };
  return { timers, server, network, outbox, connection, states, refusals, guidance, pictures, append, sent, ready };
};

const slowDown = (durationMs: number): ServerSessionMessage => ({
  type: 'slow_down',
  retry_after_ms: durationMs,
  reason: 'test',
});

test('a server that is busy at the greeting is greeted again after the pause that it asks for', async () => {
  const { timers, server, network, connection, sent } = await setUp();
  network.server = { take: () => [slowDown(700)] };
  connection.open();
  await timers.advance(100);
  expect(connection.state.state).toBe('resuming');
  network.server = server;
  await timers.advance(600);
  expect(sent('hello')).toHaveLength(1);
  await timers.advance(100);
  expect(sent('hello')).toHaveLength(2);
  expect(connection.state.state).toBe('ready');
});

test('a server that asks for days at the greeting is greeted again after a minute', async () => {
  const { timers, server, network, connection, sent } = await setUp();
  network.server = { take: () => [slowDown(1e12)] };
  connection.open();
  await timers.advance(100);
  network.server = server;
  await timers.advance(58_000);
  expect(sent('hello')).toHaveLength(1);
  await timers.advance(3000);
  expect(connection.state.state).toBe('ready');
});

test('frames wait until the clocks have been compared', async () => {
  let finish = (): void => undefined;
  const { timers, connection, append, sent } = await setUp({
    onRelated: () => new Promise((resolve) => (finish = resolve)),
  });
  append();
  connection.open();
  await timers.advance(3000);
  expect(connection.state.state).toBe('resuming');
  expect(sent('batch')).toEqual([]);
  finish();
  await timers.advance(100);
  expect(sent('batch')).toHaveLength(1);
});

test('an outbox that cannot be read at the welcome is tried again with the next connection', async () => {
  class BrokenOnce extends MemoryOutboxStore {
    fails = true;
    override async read(fromSeq: number, toSeq: number): ReturnType<MemoryOutboxStore['read']> {
      if (this.fails) throw new Error('unreadable');
      return super.read(fromSeq, toSeq);
    }
  }
  const store = new BrokenOnce();
  const { timers, server, connection, append, outbox } = await setUp({ store });
  server.hold([0, 4]);
  append();
  connection.open();
  await timers.advance(100);
  expect(connection.state).toMatchObject({ state: 'waiting', reason: 'connection_lost' });
  store.fails = false;
  await timers.advance(5000);
  expect([...server.frames.keys()]).toContain(5);
  expect(outbox.waitingFrames).toBe(0);
});

test('asks the server for its time, at once when connected and with the next welcome otherwise', async () => {
  const { timers, connection, sent, ready } = await setUp();
  connection.queryClock();
  expect(sent('ping')).toEqual([]);
  await ready();
  connection.queryClock();
  expect(sent('ping')).toHaveLength(1);
  await timers.advance(30_000);
  expect(sent('ping')).toHaveLength(2);
});

test('opens once, and wakes only a connection that waits', async () => {
  const { timers, connection, sent, ready } = await setUp();
  connection.wake();
  await timers.advance(1000);
  expect(sent('hello')).toEqual([]);
  await ready();
  connection.open();
  connection.wake();
  await timers.advance(1000);
  expect(sent('hello')).toHaveLength(1);
});

test('a wake ends the wait for the next attempt', async () => {
  const { timers, network, connection, states, ready } = await setUp();
  await ready();
  network.isUp = false;
  network.cut();
  await timers.advance(60_000);
  network.isUp = true;
  expect(states.at(-1)?.state).toBe('waiting');
  connection.wake();
  await timers.advance(100);
  expect(connection.state.state).toBe('ready');
});

test('waits for a token that the page does not have at the moment', async () => {
  let isSignedIn = false;
  const { timers, connection } = await setUp({
    token: () => (isSignedIn ? Promise.resolve('token') : Promise.reject(new Error('signed out'))),
  });
  connection.open();
  await timers.advance(100);
  expect(connection.state).toMatchObject({ state: 'waiting', reason: 'token_unavailable' });
  isSignedIn = true;
  await timers.advance(3000);
  expect(connection.state.state).toBe('ready');
});

test('sends a thumbnail only over a ready connection with room, frames first', async () => {
  const { connection, sent, ready } = await setUp();
  const picture: ClientMessage = { type: 'picture', timestamp: 1, data: '' };
  expect(connection.sendPicture(picture)).toBe(false);
  await ready();
  expect(connection.sendPicture(picture)).toBe(true);
  expect(sent('picture')).toHaveLength(1);
  connection.close();
  expect(connection.sendPicture(picture)).toBe(false);
});

test('asks for no thumbnails while the connection is lost', async () => {
  const { network, pictures, ready, timers } = await setUp();
  await ready();
  const request: PicturesMessage = { type: 'pictures', every_ms: 2000, now: false };
  network.say(request);
  network.cut();
  await timers.advance(0);
  expect(pictures).toContainEqual(request);
  expect(pictures.at(-1)).toBeNull();
});

test('passes on what proctors say, and refusals with their reason', async () => {
  const { network, guidance, refusals, ready, connection } = await setUp();
  await ready();
  network.say({ type: 'breaks', allowed: true } as ServerSessionMessage);
  network.say({ type: 'error', code: 'PICTURE_REFUSED', message: 'too large' } as ServerSessionMessage);
  expect(guidance).toEqual(['breaks']);
  expect(refusals).toEqual(['PICTURE_REFUSED: too large']);
  // A refused thumbnail does not hold up frames.
  expect(connection.state).toMatchObject({ state: 'ready', pausedUntilMs: null });
  network.say({ type: 'error', code: 'INVALID_MESSAGE', message: 'what?' } as ServerSessionMessage);
  expect(connection.state).toMatchObject({ state: 'ready', pausedUntilMs: expect.any(Number) });
});

test('counts a frame that the server will never accept as lost, and continues with the others', async () => {
  const { timers, network, outbox, append, ready } = await setUp();
  await ready();
  append();
  network.say({ type: 'error', code: 'INVALID_FRAME', message: 'bad', seq: 0 } as ServerSessionMessage);
  expect(outbox.lost).toEqual({ rejected: 1 });
  append();
  await timers.advance(2000);
  expect(outbox.waitingFrames).toBe(0);
});

test.each([
  [4001, 'replaced'],
  [4000, 'session_ended'],
])('the server’s close %i ends the connection for good: %s', async (code, reason) => {
  const { timers, network, connection, sent, ready } = await setUp();
  await ready();
  network.cut(code);
  await timers.advance(120_000);
  expect(connection.state).toEqual({ state: 'ended', reason });
  expect(sent('hello')).toHaveLength(1);
});

test('frames recorded after the session ended count as lost, those after a stop stay stored', async () => {
  const ended = await setUp();
  await ended.ready();
  ended.network.say({ type: 'session_ended', session_id: 's' } as unknown as ServerSessionMessage);
  ended.append();
  await ended.timers.advance(1000);
  expect(ended.outbox.lost).toEqual({ session_over: 1 });

  const stopped = await setUp();
  await stopped.ready();
  stopped.connection.close();
  stopped.append();
  await stopped.timers.advance(1000);
  expect(stopped.outbox.lost).toEqual({});
  expect(stopped.outbox.waitingFrames).toBe(1);
});

test('a closed connection leaves no timer, whatever it was doing', async () => {
  const idle = await setUp();
  idle.connection.close();
  expect(idle.timers.size).toBe(0);

  const ready = await setUp();
  await ready.ready();
  ready.network.say(slowDown(5000));
  ready.connection.close();
  await ready.timers.advance(0);
  expect(ready.timers.size).toBe(0);
});

test('draining a connection that has ended, or drains already, changes nothing', async () => {
  const { timers, connection, ready, states } = await setUp();
  await ready();
  const first = connection.drain(timers.nowMs() + 1000);
  await connection.drain(timers.nowMs() + 99_000);
  await timers.advance(1000);
  await first;
  const { length } = states;
  await connection.drain(timers.nowMs() + 1000);
  expect(connection.state).toEqual({ state: 'ended', reason: 'stopped' });
  expect(states).toHaveLength(length);
});
