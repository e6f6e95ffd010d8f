import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HostileProxy } from '@invigil/testkit/network/hostile-proxy';
import type { ProxyBehaviour } from '@invigil/testkit/network/hostile-proxy';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { Connection } from '../../src/connection/connection.ts';
import type { ConnectionState, TransportName } from '../../src/connection/delivery-state.ts';
import { openHttpTransport } from '../../src/connection/http-transport.ts';
import { sha256 } from '../../src/connection/sha256.ts';
import { openSocketTransport } from '../../src/connection/socket-transport.ts';
import { MemoryOutboxStore } from '../../src/outbox/memory-outbox-store.ts';
import { Outbox } from '../../src/outbox/outbox.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

/**
 * How far each poll advances the client's clock: the client's waits pass quickly, while the network runs in real time.
 */
const stepMs = 200;
const framesAtFirst = 300;

let server: TestServer;
const closers: (() => void)[] = [];

beforeAll(async () => {
  server = await startServer({ AUTH: 'dev' });
}, 60_000);

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

afterAll(async () => {
  await server.close();
  await removeFolders();
});

/** As in a browser with storage: new frames may arrive before the backlog. */
class DiskStore extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
}

/** A client with a backlog that reaches the real server only through this proxy. */
const setUp = async (sessionId: string, behaviour: ProxyBehaviour) => {
  const proxy = await HostileProxy.start(server.origin, behaviour);
  const timers = new ManualTimers(Date.now());
  const limits = { maxFrames: 10_000, maxBytes: 10_000_000, maxCachedBytes: 60_000 };
  const outbox = await Outbox.open(new DiskStore(), limits);
  const states: ConnectionState[] = [];
  const connection = new Connection(
    { serverUrl: proxy.url, sessionId, token: undefined, batchIntervalMs: 1000 },
    {
      outbox,
      timers,
      transports: { socket: openSocketTransport, http: openHttpTransport },
      digest: sha256,
      random: () => 0.5,
      onRelated: async () => undefined,
      onState: (state) => states.push(state),
      onRefused: (detail) => {
        throw new Error(detail);
      },
    },
  );
  closers.push(
    () => connection.close(),
    () => proxy.close(),
  );
  const fromMs = Date.now() - 120_000;
  const append = (count: number): void => {
    for (let at = 0; at < count; at += 1) {
      outbox.append({ seq: outbox.nextSeq, timestamp: fromMs + outbox.nextSeq * 200, no_of_face: 1, face_present: 1 });
    }
  };
  append(framesAtFirst);
  await outbox.flush();
  connection.open();
  const until = (isSo: () => boolean): Promise<void> =>
    waitFor(
      async () => {
        await timers.advance(stepMs);
        expect(isSo()).toBe(true);
      },
      { timeout: 25_000, interval: 5 },
    );
  /** The transport of each attempt so far. */
  const tried = (): TransportName[] => states.flatMap((state) => (state.state === 'opening' ? [state.transport] : []));
  const attempts = (name: TransportName): number => tried().filter((transport) => transport === name).length;
  return { proxy, outbox, connection, states, append, until, tried, attempts };
};

/** The frames in the server's report, and those that this client gave up. */
const arrived = async (sessionId: string, outbox: Outbox) => {
  const { json } = await server.ask('GET', `/api/v1/session/${sessionId}/report`);
  const { frames, frames_lost: lost } = json.integrity;
  return { frames, lost, givenUp: outbox.lostFrames };
};

const all = { frames: framesAtFirst, lost: 0, givenUp: 0 };

test('takes HTTP after three sockets that open and let nothing through', async () => {
  const { outbox, tried, until } = await setUp('silent', { kind: 'silent' });
  await until(() => outbox.waitingFrames === 0);
  // While a slow machine delivers over HTTP, a socket may be tried again.
  expect(tried().slice(0, 4)).toEqual(['socket', 'socket', 'socket', 'http']);
  expect(await arrived('silent', outbox)).toEqual(all);
});

test('delivers through a proxy that resets each socket after some kilobytes', async () => {
  const { outbox, until } = await setUp('resetting', { kind: 'resetting', afterBytes: 2000 });
  await until(() => outbox.waitingFrames === 0);
  expect(await arrived('resetting', outbox)).toEqual(all);
});

test('delivers a backlog through a proxy that lets small messages through and holds large ones', async () => {
  const { outbox, connection, append, until } = await setUp('holding', { kind: 'holding', overBytes: 900 });
  const recording = setInterval(() => append(1), 60);
  try {
    // New frames are acknowledged all the time; only the backlog is held.
    await until(() => outbox.waitingFrames < 50);
  } finally {
    clearInterval(recording);
  }
  await until(() => outbox.waitingFrames === 0);
  expect(connection.state.state).toBe('ready');
  expect(await arrived('holding', outbox)).toEqual({ ...all, frames: outbox.nextSeq });
});

test('takes HTTP past a proxy that opens sockets itself and sends the client’s messages back', async () => {
  const { outbox, tried, until } = await setUp('echo', { kind: 'echo' });
  await until(() => outbox.waitingFrames === 0);
  expect(tried().slice(0, 4)).toEqual(['socket', 'socket', 'socket', 'http']);
  expect(await arrived('echo', outbox)).toEqual(all);
});

test.each([
  ['filter', { kind: 'page', status: 403 }],
  ['portal', { kind: 'page', status: 200 }],
] as const)(
  'waits out the page of a %s, over sockets and HTTP, and delivers once it is gone',
  async (id, behaviour) => {
    const { proxy, outbox, connection, states, attempts, until } = await setUp(id, behaviour);
    await until(() => attempts('socket') >= 3 && attempts('http') >= 3);
    expect(outbox.waitingFrames).toBe(framesAtFirst);
    expect(states.some(({ state }) => state === 'ended')).toBe(false);
    proxy.behaviour = { kind: 'open' };
    await until(() => outbox.waitingFrames === 0);
    expect(connection.state.state).toBe('ready');
    expect(await arrived(id, outbox)).toEqual(all);
  },
);

test('does not wait for ever for a network that takes connections and never answers', async () => {
  const { proxy, outbox, attempts, until } = await setUp('half-open', { kind: 'half_open' });
  await until(() => attempts('socket') + attempts('http') >= 4);
  proxy.behaviour = { kind: 'open' };
  await until(() => outbox.waitingFrames === 0);
  expect(await arrived('half-open', outbox)).toEqual(all);
});

test('goes on after a connection that worked has gone silent, and doubles nothing', async () => {
  const { proxy, outbox, append, until } = await setUp('turns-silent', { kind: 'open' });
  await until(() => outbox.waitingFrames === 0);
  proxy.behaviour = { kind: 'page', status: 403 };
  append(50);
  proxy.dropAll();
  await until(() => outbox.waitingFrames === 50);
  proxy.behaviour = { kind: 'open' };
  await until(() => outbox.waitingFrames === 0);
  expect(await arrived('turns-silent', outbox)).toEqual({ ...all, frames: framesAtFirst + 50 });
});

test('returns to a socket once the network lets one through again', async () => {
  const { proxy, outbox, connection, until } = await setUp('recovers', { kind: 'silent' });
  await until(() => outbox.waitingFrames === 0);
  proxy.behaviour = { kind: 'open' };
  await until(() => 'transport' in connection.state && connection.state.transport === 'socket');
  await until(() => connection.state.state === 'ready');
  expect(await arrived('recovers', outbox)).toEqual(all);
});
