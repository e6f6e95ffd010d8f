import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { CuttableProxy } from '@invigil/testkit/network/cuttable-proxy';
import { socketOf } from './live-client.ts';

const rounds = 20;
const outages = 3;
const replacedCode = 4001;

let redis: Awaited<ReturnType<typeof startRedis>>;
/** The second replica's way to Redis. */
let proxy: CuttableProxy;
let replicas: TestServer[];
beforeAll(async () => {
  redis = await startRedis();
  proxy = await CuttableProxy.start(redis.url);
  const behind = { REDIS_URL: proxy.url.replace('http', 'redis') };
  replicas = [await startServer({ REDIS_URL: redis.url }), await startServer(behind)];
});
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.close()));
  proxy.close();
  await redis.stop();
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
const closedOfTwo = async (path: string, first: object, onOpened = (): void => undefined): Promise<number> => {
  const both = replicas.map((replica) => connect(socketOf(replica) + path, first));
  await vi.waitUntil(() => both.every(({ types, code }) => types.length > 0 || code !== null), {
    timeout: 15_000,
    interval: 5,
  });
  onOpened();
  const closed = (): Watched[] => both.filter(({ code }) => code !== null);
  await vi.waitUntil(() => closed().length > 0, { timeout: 15_000, interval: 5 });
  expect(closed().map(({ code }) => code)).toEqual([replacedCode]);
  const [left] = both.filter(({ code }) => code === null);
  const pongs = (): number => left?.types.filter((type) => type === 'pong').length ?? 0;
  const before = pongs();
  // Answered after everything that the replica had received before.
  left?.socket.send(JSON.stringify({ type: 'ping', timestamp: new Date().toISOString() }));
  await vi.waitUntil(() => pongs() > before, { timeout: 15_000, interval: 5 });
  const count = closed().length;
  left?.socket.close();
  await vi.waitUntil(() => left?.code !== null, { timeout: 15_000, interval: 5 });
  return count;
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

  test('leave one after an outage of the bus in which they arrived', async () => {
    for (let round = 0; round < outages; round += 1) {
      proxy.cut();
      expect(await closedOfTwo(path(`cut-${round}`), first, () => proxy.mend())).toBe(1);
    }
  });
});
