import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { clockOf, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { CuttableProxy } from '@invigil/testkit/network/cuttable-proxy';
import { socketOf } from './live-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const rounds = 20;
const replacedCode = 4001;
const skewMs = 60_000;
/** More than the difference between the replicas' readings of the database's clock. */
const betweenArrivalsMs = 1500;
const waiting = { timeout: 15_000, interval: 5 };

let redis: Awaited<ReturnType<typeof startRedis>>;
let postgres: PostgresService;
/** The second replica's way to Redis. */
let proxy: CuttableProxy;
/** The clock of the second is ahead. */
let replicas: [TestServer, TestServer];
beforeAll(async () => {
  redis = await startRedis();
  postgres = await startPostgres();
  proxy = await CuttableProxy.start(redis.url);
  const environment = { REDIS_URL: redis.url, DATABASE_URL: postgres.url };
  const behind = { ...environment, REDIS_URL: proxy.url.replace('http', 'redis') };
  const ahead = clockOf(() => Date.now() + skewMs);
  replicas = [await startServer(environment), await startServer(behind, {}, undefined, ahead)];
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()));
  proxy.close();
  await redis.stop();
  await postgres.remove();
  await removeFolders();
});

/** A connection and the code that closed it; null while it is open. */
interface Watched {
  socket: WebSocket;
  code: number | null;
  types: string[];
}

const connect = (url: string, first: object): Watched => {
  const watched: Watched = { socket: new WebSocket(url), code: null, types: [] };
  watched.socket.on('close', (code) => (watched.code = code));
  watched.socket.on('message', (data: Buffer) => watched.types.push((JSON.parse(data.toString()) as Message).type));
  watched.socket.on('open', () => watched.socket.send(JSON.stringify(first)));
  return watched;
};
interface Message {
  type: string;
}

/** A connection to each replica at the same moment. Resolves when one was replaced and the other still answers. */
const closedOfTwo = async (path: string, first: object): Promise<number> => {
  const both = replicas.map((replica) => connect(socketOf(replica) + path, first));
  await waitUntil(() => both.every(({ types, code }) => types.length > 0 || code !== null), waiting);
  const closed = (): Watched[] => both.filter(({ code }) => code !== null);
  await waitUntil(() => closed().length > 0, waiting);
  expect(closed().map(({ code }) => code)).toEqual([replacedCode]);
  const [left] = both.filter(({ code }) => code === null);
  const pongs = (): number => left?.types.filter((type) => type === 'pong').length ?? 0;
  const before = pongs();
  // Answered after everything that the replica had received before.
  left?.socket.send(JSON.stringify({ type: 'ping', timestamp: new Date().toISOString() }));
  await waitUntil(() => pongs() > before, waiting);
  const count = closed().length;
  left?.socket.close();
  await waitUntil(() => left?.code !== null, waiting);
  return count;
};

let travellers = 0;
/**
 * Resolves when each replica has received all that the other one sent it after an outage. A connection that moves between them takes the news
 * along: news arrives in order.
 */
const newsExchanged = async (): Promise<void> => {
  const path = `/ws/alerts/traveller-${(travellers += 1)}`;
  const ping = { type: 'ping', timestamp: '2026-01-05T09:00:00.000Z' };
  const [one, other] = replicas;
  let last: Watched | null = null;
  for (const replica of [one, other, one, other]) {
    const next = connect(socketOf(replica) + path, ping);
    await waitUntil(() => next.types.length > 0, waiting);
    const before: Watched | null = last;
    if (before !== null) await waitUntil(() => before.code === replacedCode, waiting);
    last = next;
  }
  last?.socket.close();
};

describe.each([
  [
    'of a proctor to the alerts channel',
    (round: string) => `/ws/alerts/tina-${round}`,
    { type: 'ping', timestamp: '2026-01-05T09:00:00.000Z' },
  ],
  [
    'that number the frames of a session',
    (round: string) => `/api/v1/session/ws/twice-${round}`,
    { type: 'hello', client_time_ms: 0 },
  ],
] as const)('two connections %s, opened on two replicas at the same moment', (_name, path, first) => {
  test(`leave one, in each of ${rounds} rounds`, async () => {
    for (let round = 0; round < rounds; round += 1) expect(await closedOfTwo(path(String(round)), first)).toBe(1);
  });

  test('leave the newer if they arrived in an outage of the bus, though the clock of the earlier one is ahead', async () => {
    const [one, ahead] = replicas;
    proxy.cut();
    const earlier = connect(socketOf(ahead) + path('moved'), first);
    await waitUntil(() => earlier.types.length > 0, waiting);
    await delay(betweenArrivalsMs);
    const newer = connect(socketOf(one) + path('moved'), first);
    await waitUntil(() => newer.types.length > 0, waiting);
    proxy.mend();
    await waitUntil(() => earlier.code !== null || newer.code !== null, waiting);
    await newsExchanged();
    expect([earlier.code, newer.code]).toEqual([replacedCode, null]);
    newer.socket.close();
    // The limits above, which say what did not happen, come first.
  }, 90_000);
});
