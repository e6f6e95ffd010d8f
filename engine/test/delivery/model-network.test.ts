import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Connection } from '../../src/connection/connection.ts';
import type { ConnectionState } from '../../src/connection/delivery-state.ts';
import { MemoryOutboxStore } from '../../src/outbox/memory-outbox-store.ts';
import { Outbox } from '../../src/outbox/outbox.ts';
import type { OutboxStore } from '../../src/outbox/outbox-store.ts';
import { propertySeed } from '@invigil/testkit/property-seed';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { ModelNetwork, ModelServer, hashOf } from '@invigil/testkit/network/model-network';
import type { Fate } from '@invigil/testkit/network/model-network';

const limits = { maxFrames: 1000, maxBytes: 1_000_000, maxCachedBytes: 60_000 };

/** A disk that outlives the page. Writes take time; if the page is killed during a write, nothing is written. */
class DurableStore extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
  alive = true;
  readonly #timers: ManualTimers;
  readonly #writeMs: number;

  constructor(timers: ManualTimers, writeMs = 0) {
    super();
    this.#timers = timers;
    this.#writeMs = writeMs;
  }

  override async write(change: Parameters<OutboxStore['write']>[0]): Promise<void> {
    if (this.#writeMs > 0) await new Promise<void>((resolve) => this.#timers.after(this.#writeMs, resolve));
    if (!this.alive) return new Promise(() => undefined);
    return super.write(change);
  }

  override close(): void {
    this.alive = false;
  }
}

/** One run of the page. */
const openPage = async (
  parts: { timers: ManualTimers; network: ModelNetwork; sockets?: ModelNetwork; store: OutboxStore },
  openLimits = limits,
) => {
  const states: ConnectionState[] = [];
  const refusals: string[] = [];
  const outbox = await Outbox.open(parts.store, openLimits);
  const connection = new Connection(
    { serverUrl: 'http://server', sessionId: 's', token: undefined, batchIntervalMs: 1000 },
    {
      outbox,
      timers: parts.timers,
      transports: { socket: (parts.sockets ?? parts.network).open, http: parts.network.open },
      digest: async (text) => hashOf(text),
      onRelated: async () => undefined,
      random: () => 0.5,
      onState: (state) => states.push(state),
      onRefused: (detail) => refusals.push(detail),
    },
  );
  return { outbox, connection, states, refusals };
};

const setUp = async (fateOf?: () => Fate) => {
  const timers = new ManualTimers();
  const server = new ModelServer();
  const network = new ModelNetwork(timers, server, fateOf);
  const store = new DurableStore(timers);
  return { timers, server, network, store, ...(await openPage({ timers, network, store })) };
};

const append = (outbox: Outbox, timers: ManualTimers, frames: number): void => {
  for (let index = 0; index < frames; index += 1) {
    outbox.append({ seq: outbox.nextSeq, timestamp: timers.nowMs() + index, no_of_face: 1 });
  }
};

const name = (state: ConnectionState): string => state.state;

describe('delivery', () => {
  test('goes waiting → opening → resuming → ready, and forgets a frame when it is acknowledged', async () => {
    const { timers, server, outbox, connection, states } = await setUp();
    connection.open();
    append(outbox, timers, 3);
    await timers.advance(100);
    expect(states.map(name)).toEqual(['opening', 'resuming', 'ready']);
    await timers.advance(1500);
    expect([...server.frames.keys()]).toEqual([0, 1, 2]);
    expect(outbox.waitingFrames).toBe(0);
    expect(outbox.ackedSeq).toBe(2);
  });

  test('compares the clocks at each welcome', async () => {
    const { timers, connection } = await setUp();
    expect(connection.clockOffsetMs).toBeNull();
    connection.open();
    await timers.advance(100);
    // The model server's clock stands at 0, and a round trip takes 20 ms.
    expect(connection.clockOffsetMs).toBe(-(timers.nowMs() - 100 + 20 + 10));
  });

  test('predicts the head of the chain with each batch, and adopts the server’s where they differ', async () => {
    let fate: Fate = 'arrives';
    const { timers, server, outbox, connection } = await setUp(() => fate);
    connection.open();
    for (let batch = 0; batch < 5; batch += 1) {
      append(outbox, timers, 3);
      await timers.advance(1000);
    }
    expect(server.links).toBeGreaterThan(3);
    expect(server.confirmedLinks).toBe(server.links);
    expect(connection.chainHead).toBe(server.chain);

    // The server stores a batch without the client's knowledge, so resending it adds nothing.
    fate = 'answer_lost';
    append(outbox, timers, 2);
    await timers.advance(1000);
    fate = 'arrives';
    await timers.advance(5000);
    append(outbox, timers, 2);
    await timers.advance(2000);
    expect(server.confirmedLinks).toBe(server.links);
    expect(connection.chainHead).toBe(server.chain);
  });

  test('sends urgent frames at once, delayed only by a batch in flight', async () => {
    const { timers, server, outbox, connection } = await setUp();
    connection.open();
    await timers.advance(1100);
    append(outbox, timers, 2);
    connection.hurry();
    await timers.advance(5);
    append(outbox, timers, 1);
    connection.hurry();
    await timers.advance(60);
    expect(server.frames.size).toBe(3);
    expect(server.links).toBe(2);
  });

  test('keeps frames whose acknowledgement was lost, and sends them again', async () => {
    let fate: Fate = 'arrives';
    const { timers, server, outbox, connection } = await setUp(() => fate);
    connection.open();
    await timers.advance(100);
    fate = 'answer_lost';
    append(outbox, timers, 2);
    await timers.advance(1000);
    expect(outbox.waitingFrames).toBe(2);
    expect(server.frames.size).toBe(2);
    fate = 'arrives';
    await timers.advance(3000);
    expect(outbox.waitingFrames).toBe(0);
    expect(server.frames.size).toBe(2);
  });

  test('sends current frames beside the backlog of an outage', async () => {
    const { timers, server, network, store } = await setUp();
    const { outbox, connection } = await openPage({ timers, network, store }, { ...limits, maxFrames: 10_000 });
    network.isUp = false;
    connection.open();
    append(outbox, timers, 3000);
    await timers.advance(60_000);
    network.isUp = true;
    connection.wake();
    await timers.advance(200);
    append(outbox, timers, 1);
    await timers.advance(1000);
    const position = server.arrivals.indexOf(3000);
    expect(position).toBeGreaterThan(0);
    expect(position).toBeLessThan(1500);
    await timers.advance(30_000);
    expect(server.frames.size).toBe(3001);
    expect(server.duplicates).toBe(0);
  });

  test('pauses at the server’s request, then sends the frames that were not stored', async () => {
    let fate: Fate = 'arrives';
    const { timers, server, outbox, connection, states } = await setUp(() => fate);
    connection.open();
    await timers.advance(900);
    fate = 'slow_down';
    append(outbox, timers, 1);
    await timers.advance(200);
    expect(states.at(-1)).toMatchObject({ state: 'ready', pausedUntilMs: expect.any(Number) });
    fate = 'arrives';
    await timers.advance(2000);
    expect(server.frames.size).toBe(1);
    expect(states.at(-1)).toMatchObject({ state: 'ready', pausedUntilMs: null });
  });

  test('a server that asks for repeated pauses gets one, and leaves one timer', async () => {
    const { timers, network, connection } = await setUp();
    connection.open();
    await timers.advance(900);
    const before = timers.size;
    for (let time = 0; time < 20; time += 1) network.say({ type: 'slow_down', retry_after_ms: 5000, reason: 'test' });
    expect(timers.size).toBe(before + 1);
    await timers.advance(10_000);
    expect(connection.state).toMatchObject({ state: 'ready', pausedUntilMs: null });
    expect(timers.size).toBe(before);
  });

  test.each([
    [4000, { state: 'ended', reason: 'session_ended' }],
    [1008, { state: 'ended', reason: 'refused' }],
    [1013, { state: 'waiting', reason: 'server_busy' }],
    [1006, { state: 'waiting', reason: 'connection_lost' }],
  ])('close code %i leads to %o', async (code, expected) => {
    const { timers, network, outbox, connection } = await setUp();
    connection.open();
    await timers.advance(200);
    append(outbox, timers, 1);
    network.cut(code);
    expect(connection.state).toMatchObject(expected);
    expect(outbox.waitingFrames).toBe(code === 4000 ? 0 : 1);
  });

  test('switches to HTTP after three sockets that did not open, and returns to a socket later', async () => {
    const { timers, network, server, store } = await setUp();
    const sockets = new ModelNetwork(timers, server);
    sockets.isUp = false;
    const { connection, states } = await openPage({ timers, network, sockets, store });
    connection.open();
    await timers.advance(8000);
    expect(states.filter(({ state }) => state === 'opening')).toHaveLength(4);
    expect(states.at(-1)).toMatchObject({ state: 'ready', transport: 'http' });
    // Still blocked: one attempt, then HTTP again, and the next attempt later.
    await timers.advance(30_000);
    expect(states.filter(({ state }) => state === 'opening')).toHaveLength(6);
    expect(states.at(-1)).toMatchObject({ state: 'ready', transport: 'http' });
    sockets.isUp = true;
    await timers.advance(30_000);
    expect(states.at(-1)).toMatchObject({ state: 'ready', transport: 'socket' });
  });

  test('switches to HTTP after three sockets that opened but carried nothing', async () => {
    const { timers, network, server, outbox, store } = await setUp();
    const sockets = new ModelNetwork(timers, { take: () => [] });
    void outbox;
    const page = await openPage({ timers, network, sockets, store });
    page.connection.open();
    append(page.outbox, timers, 3);
    await timers.advance(60_000);
    expect(page.connection.state).toMatchObject({ state: 'ready', transport: 'http' });
    expect(server.frames.size).toBe(3);
  });

  test('sends smaller messages, and then HTTP requests, if a proxy resets larger ones', async () => {
    const { timers, network, server, store } = await setUp();
    let largest = Infinity;
    const taken: number[] = [];
    const sockets = new ModelNetwork(timers, {
      take: (text) => {
        taken.push(text.length);
        if (text.length > largest) sockets.cut();
        return text.length > largest ? [] : server.take(text);
      },
    });
    const page = await openPage({ timers, network, sockets, store }, { ...limits, maxFrames: 5000 });
    largest = 6000;
    append(page.outbox, timers, 1000);
    page.connection.open();
    await timers.advance(60_000);
    expect(server.frames.size).toBe(1000);
    expect(page.states.some((state) => 'transport' in state && state.transport === 'http')).toBe(false);

    largest = 300;
    append(page.outbox, timers, 1000);
    await timers.advance(120_000);
    expect(server.frames.size).toBe(2000);
    expect(page.states.some((state) => 'transport' in state && state.transport === 'http')).toBe(true);
  });

  test.each([1003, 1008, 1009, 1013])('retries after close code %i from an intermediary', async (code) => {
    const { timers, network, store } = await setUp();
    const sockets = new ModelNetwork(timers, { take: () => [] });
    const { connection } = await openPage({ timers, network, sockets, store });
    connection.open();
    await timers.advance(200);
    sockets.cut(code);
    expect(connection.state).toMatchObject({ state: 'waiting' });
  });

  test('asks the server if the browser reports that the network is gone, and trusts the answer', async () => {
    const fate: Fate = 'arrives';
    const { timers, connection, network } = await setUp(() => fate);
    connection.open();
    await timers.advance(200);
    connection.verify();
    await timers.advance(3500);
    expect(connection.state.state).toBe('ready');
    network.server = { take: () => [] };
    connection.verify();
    await timers.advance(3500);
    expect(connection.state).toMatchObject({ state: 'waiting', reason: 'connection_lost' });
  });

  test('drops a connection that has been silent for a minute', async () => {
    let fate: Fate = 'arrives';
    const { timers, network, connection } = await setUp(() => fate);
    connection.open();
    await timers.advance(100);
    const before = network.texts.length;
    await timers.advance(59_000);
    expect(network.texts.slice(before).filter((text) => text.includes('ping'))).toHaveLength(1);
    expect(connection.state.state).toBe('ready');
    fate = 'lost';
    await timers.advance(2000);
    expect(connection.state.state).not.toBe('ready');
  });

  test('draining ends when everything is acknowledged, or at its time limit', async () => {
    const { timers, network, outbox, connection, server } = await setUp();
    connection.open();
    await timers.advance(100);
    append(outbox, timers, 700);
    const drained = connection.drain(timers.nowMs() + 10_000);
    await timers.advance(9000);
    await drained;
    expect(server.frames.size).toBe(700);
    expect(connection.state).toEqual({ state: 'ended', reason: 'stopped' });

    const second = await openPage({ timers, network, store: new DurableStore(timers) });
    network.isUp = false;
    second.connection.open();
    append(second.outbox, timers, 1);
    const gaveUp = second.connection.drain(timers.nowMs() + 5000);
    expect(second.connection.state.state).toBe('draining');
    await timers.advance(5001);
    await gaveUp;
    expect(second.outbox.waitingFrames).toBe(1);
  });

  test('renumbers frames whose numbers the server already has, before anything is sent', async () => {
    const { timers, network, server } = await setUp();
    server.hold([0, 41]);
    const page = await openPage({ timers, network, store: new MemoryOutboxStore() });
    append(page.outbox, timers, 5);
    page.connection.open();
    await timers.advance(5000);
    append(page.outbox, timers, 1);
    await timers.advance(5000);
    expect([...server.frames.keys()].toSorted((a, b) => a - b).slice(42)).toEqual([42, 43, 44, 45, 46, 47]);
    expect(page.outbox.waitingFrames).toBe(0);
  });
});

test('a page without the last one’s storage does not reuse the numbers of live frames that overtook a backlog', async () => {
  const timers = new ManualTimers();
  const server = new ModelServer();
  const network = new ModelNetwork(timers, server);
  server.hold([0, 9]);
  server.hold([5000, 5009]);
  const { outbox, connection } = await openPage({ timers, network, store: new DurableStore(timers) });
  connection.open();
  await timers.advance(500);
  append(outbox, timers, 20);
  await timers.advance(5000);
  append(outbox, timers, 20);
  await timers.advance(5000);
  expect([...server.frames.keys()].slice(20)).toEqual(Array.from({ length: 40 }, (_, index) => 5010 + index));
  expect(outbox.waitingFrames).toBe(0);
  // No client will send the frames of the lost storage, so the frontier does not wait for them, and draining completes.
  expect(server.upToSeq).toBe(5049);
  expect([...server.lost.values()].filter((reason) => reason === 'left_behind')).toHaveLength(4990);
  expect(outbox.lost).toEqual({});
  const drained = connection.drain(timers.nowMs() + 10_000);
  await timers.advance(100);
  await drained;
  expect(connection.state).toEqual({ state: 'ended', reason: 'stopped' });
});

test('a server that lost acknowledged frames is informed that no client has them any more', async () => {
  const { timers, network, outbox, connection } = await setUp();
  connection.open();
  append(outbox, timers, 5);
  await timers.advance(3000);
  expect(outbox.ackedSeq).toBe(4);
  const emptied = new ModelServer();
  network.server = emptied;
  network.cut(1006);
  append(outbox, timers, 2);
  await timers.advance(5000);
  expect([...emptied.frames.keys()]).toEqual([5, 6]);
  expect([...emptied.lost.keys()]).toEqual([0, 1, 2, 3, 4]);
  expect(emptied.upToSeq).toBe(6);
});

test('a changed clock neither lengthens a pause nor delays pending frames', async () => {
  let fate: Fate = 'arrives';
  const { timers, server, outbox, connection } = await setUp(() => fate);
  connection.open();
  await timers.advance(900);
  fate = 'slow_down';
  append(outbox, timers, 1);
  await timers.advance(200);
  timers.setByMs = -3_600_000;
  fate = 'arrives';
  await timers.advance(3000);
  expect(server.frames.size).toBe(1);
  timers.setByMs = 3_600_000;
  append(outbox, timers, 1);
  await timers.advance(3000);
  expect(server.frames.size).toBe(2);
  expect(connection.state.state).toBe('ready');
});

test('counts the frames that the end of the session left undelivered, and deletes them from the device', async () => {
  const { timers, network, store, outbox, connection } = await setUp();
  connection.open();
  await timers.advance(200);
  network.isUp = false;
  append(outbox, timers, 5);
  await outbox.flush();
  network.cut(4000);
  append(outbox, timers, 2);
  connection.close();
  await outbox.flush();
  expect(outbox.lost).toEqual({ session_over: 7 });
  expect(outbox.waitingFrames).toBe(0);
  expect(await store.load()).toMatchObject({ entries: [], lostRanges: [] });
});

test('keeps frames recorded after the server refused the connection', async () => {
  const timers = new ManualTimers();
  const network = new ModelNetwork(timers, new ModelServer());
  const store = new DurableStore(timers);
  const page = await openPage({ timers, network, store });
  page.connection.open();
  await timers.advance(2000);
  network.cut(1008);
  await timers.advance(100);
  expect(page.connection.state).toEqual({ state: 'ended', reason: 'refused' });
  append(page.outbox, timers, 20);
  await timers.advance(2000);
  // The tab is killed; the next one finds everything.
  store.close();
  const next = await openPage({ timers, network, store });
  expect(next.outbox.waitingFrames).toBe(20);
});

type Step =
  | { kind: 'record'; frames: number }
  | { kind: 'pass'; ms: number }
  | { kind: 'network'; isUp: boolean }
  | { kind: 'cut'; code: number }
  | { kind: 'reload' }
  | { kind: 'fates'; fates: Fate[] };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('record' as const), frames: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 8000 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 1200 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('network' as const), isUp: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), code: fc.constantFrom(1001, 1006, 1011, 1013, 4003) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fates' as const),
      fates: fc.array(fc.constantFrom<Fate>('arrives', 'answer_lost', 'lost', 'twice', 'slow_down'), { maxLength: 8 }),
    }),
  },
);

describe('delivery under random faults', () => {
  test('every frame is stored once or reported lost, and nothing else is stored', async () => {
    const numRuns = Number(process.env['INVIGIL_PROPERTY_RUNS'] ?? 500);
    console.log(`delivery property: ${numRuns} runs, INVIGIL_PROPERTY_SEED=${propertySeed}`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArbitrary, { maxLength: 25 }),
        fc.boolean(),
        fc.boolean(),
        async (steps, small, slowDisk) => {
          const timers = new ManualTimers();
          const server = new ModelServer();
          let fates: Fate[] = [];
          const network = new ModelNetwork(timers, server, () => fates.shift() ?? 'arrives');
          // Small enough that an outage overflows it.
          const own = small ? { maxFrames: 100, maxBytes: 4000, maxCachedBytes: 500 } : limits;
          let store = new DurableStore(timers, slowDisk ? 400 : 0);
          let page = await openPage({ timers, network, store }, own);
          page.connection.open();
          /** Times of the frames that were stored on the device: these must be accounted for. */
          const produced = new Map<number, number>();
          let mostWaiting = 0;
          for (const step of steps) {
            if (step.kind === 'record') {
              for (let index = 0; index < step.frames; index += 1) {
                const { nextSeq: seq } = page.outbox;
                const timestamp = timers.nowMs() + index / 100;
                page.outbox.append({ seq, timestamp, no_of_face: 1 });
                produced.set(seq, timestamp);
              }
            } else if (step.kind === 'pass') await timers.advance(step.ms);
            else if (step.kind === 'network') network.isUp = step.isUp;
            else if (step.kind === 'cut') network.cut(step.code);
            else if (step.kind === 'fates') fates = [...step.fates];
            else {
              // Killed: frames never stored on the device were never sent either, so their numbers are free again.
              store.alive = false;
              page.connection.close();
              const next = new DurableStore(timers, slowDisk ? 400 : 0);
              const { head, lostRanges } = await store.load();
              const bodies = await store.read(0, Infinity);
              // The disk itself survives, so its contents need no rewriting.
              await MemoryOutboxStore.prototype.write.call(next, {
                put: bodies,
                remove: [],
                head: head ?? { nextSeq: 0, lastTimestampMs: 0, guarded: [], lost: {} },
                lostRanges,
              });
              store = next;
              page = await openPage({ timers, network, store }, own);
              for (const seq of produced.keys()) if (seq >= page.outbox.nextSeq) produced.delete(seq);
              page.connection.open();
            }
            mostWaiting = Math.max(mostWaiting, page.outbox.waitingFrames);
          }
          expect(mostWaiting).toBeLessThanOrEqual(own.maxFrames);
          network.isUp = true;
          fates = [];
          await timers.advance(120_000);
          expect(page.outbox.waitingFrames).toBe(0);
          expect(page.outbox.lostRanges).toEqual([]);
          expect(page.refusals).toEqual([]);
          const unexplained = [...produced].filter(
            ([seq, timestamp]) => server.frames.get(seq)?.timestamp !== timestamp && !server.lost.has(seq),
          );
          expect(unexplained).toEqual([]);
          expect(server.frames.size + server.lost.size).toBe(produced.size);
          expect(server.upToSeq).toBe(page.outbox.nextSeq - 1);
        },
      ),
      { numRuns, seed: propertySeed },
    );
  });
});
