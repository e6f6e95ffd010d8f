import { expect, test } from 'vitest';
import { Connection } from '../../src/connection/connection.ts';
import { MemoryOutboxStore } from '../../src/outbox/memory-outbox-store.ts';
import { Outbox } from '../../src/outbox/outbox.ts';
import { ManualTimers } from '@invigil/testkit/timers/manual-timers';
import { ModelNetwork, ModelServer, hashOf } from '@invigil/testkit/network/model-network';

/** Stores its input like a disk, so that frames may be sent out of order. */
class LastingStore extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
}

/** The default capacity, and hours offline: large enough that the live frames run far ahead of the backlog. */
const room = 36_000;
const made = 50_000;

test('an outbox that overflowed while offline is delivered completely, though the server tracks few gaps', async () => {
  const timers = new ManualTimers();
  const server = new ModelServer();
  const network = new ModelNetwork(timers, server);
  const limits = { maxFrames: room, maxBytes: 1e9, maxCachedBytes: 60_000 };
  const outbox = await Outbox.open(new LastingStore(), limits);
  const connection = new Connection(
    { serverUrl: 'http://s', sessionId: 's', token: undefined, batchIntervalMs: 1000 },
    {
      outbox,
      timers,
      transports: { socket: network.open, http: network.open },
      digest: async (text) => hashOf(text),
      onRelated: async () => undefined,
      random: () => 0.5,
      onState: () => {},
      onRefused: () => {},
    },
  );
  network.isUp = false;
  connection.open();
  for (let frame = 0; frame < made; frame += 1)
    outbox.append({ seq: outbox.nextSeq, timestamp: timers.nowMs() + frame, no_of_face: 1 });
  await timers.advance(5000);
  network.isUp = true;
  let recorded = made;
  for (let second = 0; second < 600; second += 1) {
    for (let frame = 0; frame < 5; frame += 1, recorded += 1) {
      outbox.append({ seq: outbox.nextSeq, timestamp: timers.nowMs() + frame, no_of_face: 1 });
    }
    await timers.advance(1000);
  }
  await timers.advance(5000);
  expect(outbox.lostFrames).toBeGreaterThan(made - room - 1);
  expect(server.refused).toBe(0);
  expect(server.upToSeq).toBe(recorded - 1);
  expect(server.frames.size + server.lost.size).toBe(recorded);
  expect(server.lost.size).toBe(outbox.lostFrames);
  connection.close();
});
