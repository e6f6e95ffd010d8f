import { setTimeout as delay } from 'node:timers/promises';
import { openSocketTransport } from '@invigil/engine/testing/delivery';
import type { ClientMessage, OpenTransport } from '@invigil/engine/testing/delivery';
import { NodeClient } from './node-client.ts';
import { outcomeOf, sum } from './outcome.ts';
import type { FaultScenario } from './scenario.ts';

/** Every batch is sent twice, and every second batch is sent after the one that follows it. */
const tamperingTransport: OpenTransport = (target, events) => {
  const transport = openSocketTransport(target, events);
  let held: ClientMessage | null = null;
  return {
    get bufferedBytes() {
      return transport.bufferedBytes;
    },
    close: () => transport.close(),
    send: (message) => {
      if (message.type !== 'batch') return transport.send(message);
      if (held === null) {
        held = message;
        // A single batch is only delayed.
        setTimeout(() => {
          if (held !== message) return;
          held = null;
          transport.send(message);
        }, 700);
        return;
      }
      transport.send(message);
      transport.send(message);
      transport.send(held);
      transport.send(held);
      held = null;
    },
  };
};

export const duplicatedAndReordered: FaultScenario = async ({ startServer, isShort }) => {
  const server = await startServer();
  const client = await NodeClient.open(server.url, 'tampered', tamperingTransport);
  for (let frame = 0; frame < (isShort ? 50 : 150); frame += 1) {
    client.record();
    await delay(50);
  }
  const produced = await client.finish();
  return outcomeOf(produced, await server.endAndRead('tampered'));
};

const endedAtOnce = 10;

/** A thousand clients lose the server, which comes back a moment later. */
export const crowdReconnects: FaultScenario = async ({ startServer, isShort }) => {
  const server = await startServer();
  const clients: NodeClient[] = [];
  for (let index = 0; index < (isShort ? 100 : 1000); index += 1) {
    clients.push(await NodeClient.open(server.url, `crowd-${index}`));
    if (index % 25 === 24) await delay(50);
  }
  const recordAll = async (): Promise<void> => {
    for (const client of clients) client.record();
    await delay(1000);
  };
  await recordAll();
  await recordAll();
  await server.kill();
  await recordAll();
  await server.restart();
  await recordAll();
  for (let rounds = 0; clients.some(({ isReady }) => !isReady); rounds += 1) {
    await (rounds < 10 ? recordAll() : delay(500));
  }
  const produced = await Promise.all(clients.map((client) => client.finish()));
  const outcomes: ReturnType<typeof outcomeOf>[] = [];
  for (let from = 0; from < produced.length; from += endedAtOnce) {
    const some = produced.slice(from, from + endedAtOnce);
    const ended = some.map(async (frames, place) =>
      outcomeOf(frames, await server.endAndRead(`crowd-${from + place}`)),
    );
    outcomes.push(...(await Promise.all(ended)));
  }
  return sum(outcomes);
};
